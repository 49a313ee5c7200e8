What a stranger takes back of what it gave beside holds nobody.
---
root gives region: power 0-12 x6 of first as right
root gives rival: power 0-12 x4 of first as theirs
node claims power 1-3 x2 as job
region gives job: power 1-3 x2 of right as grant
rival gives job: power 1-3 x2 of theirs as gift
clock 4
rival reclaims gift as back
rival reclaims grant as nonsense
may job at 2
---
