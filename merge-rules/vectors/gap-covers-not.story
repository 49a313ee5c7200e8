Gives with a gap between them do not cover.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-2 of right for 0
region gives job: pad 4-5 of right for 0
may job at 1:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
pad is taken 1-2 by region:1/0
pad is taken 4-5 by region:2/0
may job at 1:30? hold, asked [LEASE-3]: job is not given whole
