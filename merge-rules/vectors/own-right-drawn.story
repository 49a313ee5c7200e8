The holder of a right draws on it with its own claim.
---
root gives region: pad 0-12 of first as right
region claims pad 1-3 of right as job
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
pad is taken 1-3 by job/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
