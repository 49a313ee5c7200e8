A claim by rules that this version does not know is not read; what is given to it is taken.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 rules 2 as job
region gives job: pad 1-3 of right as grant
root claims pad 12-13 rules 2 as odd
rival claims track 1-3 rules 2 as open
node claims track 2-4 as late
may job at 2
free pad 1-3 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job: unknown [RULE-2]: job rests on a record that this version cannot read
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
odd: unknown [RULE-2]: odd rests on a record that this version cannot read
open: unknown [RULE-2]: open rests on a record that this version cannot read
late/0: unknown [RULE-2]: late rests on a record that this version cannot read
pad is taken 1-3 by grant/0
track is taken 1-3 by open/0
track is taken 2-4 by late/0
may job at 2? hold, [ACT-1]: there is no such claim or alternative here
is pad free 1-3? no, grant
