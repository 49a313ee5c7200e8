A joint alternative that is given whole goes.
---
root gives region: pad 0-12 of first as right
root gives region: power 0-12 x10 of first as mains
node claims pad 1-3 ; power 1-3 x2 as job
region gives job: pad 1-3 of right for 0
region gives job: power 1-3 x2 of mains for 1
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; covered to 3
pad is taken 1-3 by region:1/0
power is taken 1-3 by region:2/0
may job at 2? go until 2:59:58, on news of 1:57:02 before
