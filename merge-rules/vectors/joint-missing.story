A joint alternative wants every part; the other alternative stands by itself.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 ; power 1-3 x2 alternatives 0+1 0 as job
region gives job: pad 1-3 of right for 0
region gives job: pad 4-6 of right for 0 alternative 1
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
job/1: asked [LEASE-3]: job is not given whole
pad is taken 1-3 by region:1/0
pad is taken 4-6 by region:2/0
may job at 2? hold, asked [LEASE-3]: job is not given whole
