Two roots of three that state the same suspend, until the earlier of both.
---
roots 3
root gives region: pad 0-12 of first as right
root-1 endorses region
root-1 endorses right
region claims pad 1-3 of right as job
root restricts federation fact 99 as one
root-1 restricts federation fact 99 until 2:00 as other
may job at 1:30
may job at 2:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until 2 by other [RESTRICT-2]
pad is taken 1-3 by job/0
may job at 1:30? hold, suspended until 2 by other [RESTRICT-2]
may job at 2:30? go until 2:59:58, on news of 2:29:02 before
