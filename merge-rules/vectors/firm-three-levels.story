Rights go on from the root by the region and the node, which draws on its own.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower
node claims pad 3-5 of lower as job
may job at 4
may job at 5
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 5
pad is taken 3-5 by job/0
may job at 4? go until 4:59:58, on news of 3:58:02 before
may job at 5? hold, Closing
