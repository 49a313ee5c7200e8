What is given to one alternative does not answer the other.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 ; pad 4-6 alternatives 0 1 as job
region gives job: pad 4-6 of right for 1 alternative 1
may job at 5
may job alternative 1 at 5
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
job/1: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 6
pad is taken 4-6 by region:1/0
may job at 5? hold, asked [LEASE-3]: job is not given whole
may job at 5? go until 5:59:58, on news of 4:58:02 before
