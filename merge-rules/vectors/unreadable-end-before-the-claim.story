What cannot be read ends no claim that comes after it.
---
root gives region: pad 0-12 of first as right
node opaque effect critical-frees as old
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
old: unknown [RULE-2]: old rests on a record that this version cannot read
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
