Roots restrict by threshold: one of three suspends nothing, two that state the same do.
---
roots 3
root gives region: pad 0-12 of first as right
root-1 endorses region
root-1 endorses right
region claims pad 1-3 of right as job
root restricts federation fact 99 as one
root-1 restricts federation fact 98 as other
root-1 restricts a fact 99 as third
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
pad is taken 1-3 by job/0
