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
right: firm [LEASE-5]: right is given through a proven chain from the charter
theirs: firm [LEASE-5]: theirs is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
gift: firm [LEASE-5]: gift is given through a proven chain from the charter
back: firm [RULE-2]: back is said by one who is granted to say it
nonsense: void [LEASE-6]: nonsense is void: what it gives back or reclaims is not its log's to give back
power is taken 1-3 by gift/0
power is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:57:02 before
exception: void [LEASE-6]: nonsense is void: what it gives back or reclaims is not its log's to give back
