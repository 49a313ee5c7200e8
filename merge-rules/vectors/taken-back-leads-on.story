A lease goes on after the part that only led to it was taken back as over.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 as job
region gives job: pad 1-2 of right as early
region gives job: pad 2-4 of right for 0 as late
clock 3
region reclaims early as back
may job at 3:30
---
