Two roots of three trip a breaker, for as long as both say [BREAK-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation until 10 as one
root-1 trips a from federation until 20 as two
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until day 10 by one [BREAK-2]
pad is taken 1-3 by job/0
may job at 2? hold, suspended until day 10 by one [BREAK-2]
