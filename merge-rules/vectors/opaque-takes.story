A record that cannot be read takes its place, and what follows in its log is at risk.
---
root gives region: pad 0-12 of first as right
region opaque pad 1-3 of right as odd
node claims pad 4-6 as job
region gives job: pad 4-6 of right as grant
rival claims pad 2-4 as late
region gives late: pad 2-4 of right as again
may job at 5
free pad 1-3 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
odd: unknown [RULE-2]: odd rests on a record that this version cannot read
job/0: at risk [ORDER-5]: grant follows a record of log region that this version cannot read; update this node if a newer one wrote it; covered to 6
grant: at risk [ORDER-5]: grant follows a record of log region that this version cannot read; update this node if a newer one wrote it
late/0: overdrawn [ORDER-2]: again is more than right right had left when it was given
again: overdrawn [ORDER-2]: again is more than right right had left when it was given
pad is taken 1-3 by odd/0
pad is taken 4-6 by grant/0
may job at 5? at risk [ORDER-5]: grant follows a record of log region that this version cannot read; update this node if a newer one wrote it
is pad free 1-3? no, odd
exception: job rests on what is at risk [ORDER-5]: grant follows a record of log region that this version cannot read; update this node if a newer one wrote it
exception: late rests on what is overdrawn [ORDER-2]: again is more than right right had left when it was given
exception: at risk [ORDER-5]: grant follows a record of log region that this version cannot read; update this node if a newer one wrote it
exception: overdrawn [ORDER-2]: again is more than right right had left when it was given
