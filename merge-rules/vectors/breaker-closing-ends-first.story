A closing that ends before its trip would be forgotten first; it closes nothing [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 20 as trip
safety closes trip until 19 as end
may job at 2
---
