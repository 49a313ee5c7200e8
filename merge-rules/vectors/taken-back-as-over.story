A give that its giver took back as over leaves the lease unknown, whatever the reader's clock says.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 4
region reclaims grant as back
rival claims pad 1-3 as other
region gives other: pad 1-3 of right as again
may job at 2
may other at 2
---
