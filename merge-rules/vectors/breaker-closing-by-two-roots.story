A closing that as many roots stand behind as the threshold ends a root's trip; the other root's alone is too few
[BREAK-1], [BREAK-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation as one
root-1 trips a from federation as two
root-safety closes one as end
root-1 endorses end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
end: firm [RULE-2]: end is said by one who is granted to say it
pad is taken 1-3 by job/0
may job at 2? go until 2:59:58, on news of 1:59:02 before
