A give of a part of the window does not cover it.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-2 of right for 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
pad is taken 1-2 by region:1/0
