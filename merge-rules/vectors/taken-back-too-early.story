A reclaim before the window is surely over frees by word alone and says nothing of the time.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 3
region reclaims grant as back
may job at 2
---
