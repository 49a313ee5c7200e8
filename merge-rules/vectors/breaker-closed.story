A closing ends the trip that it names [BREAK-1], [CLOSE-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
safety closes trip as end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: firm [RULE-2]: end is said by one who is granted to say it
pad is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
