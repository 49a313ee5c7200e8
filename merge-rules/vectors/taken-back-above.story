What was taken back as over higher up the chain leaves all below it unknown.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 13
root reclaims right as back
may job at 2
---
