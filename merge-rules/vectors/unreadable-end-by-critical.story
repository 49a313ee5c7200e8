What is critical and cannot be read may free too, whatever effect it states.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node opaque effect critical-none as end
may job at 2
---
