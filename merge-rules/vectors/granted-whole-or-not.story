Who states no least that is of use has a lease by the whole alone.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 as job
region gives job: pad 1-3 of right as grant
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, asked [LEASE-3]: job is not given whole
