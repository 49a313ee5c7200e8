Of one pair of scopes a root's trip is told beside another's: the one counts by threshold, the other by itself
[SUSP-3], [BREAK-3].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 20 as low
root trips a/b from a until 10 as high
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until day 20 by low [BREAK-2]; suspended until day 10 by high [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until day 20 by low [BREAK-2]
