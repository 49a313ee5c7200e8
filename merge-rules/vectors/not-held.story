Who holds a scope cannot tell of what lies in another.
---
root declares shed as sign
root claims shed 1-3 as mine
free shed 4-6 at 0
free track 4-6 at 0
seen from a/b
---
sign: firm [RULE-2]: sign is said by one who is granted to say it
mine/0: unknown [RULE-1]: mine rests on scope c, which this viewpoint does not hold
shed is taken 1-3 by mine/0
is shed free 4-6? unknown, it rests on scope c, which this viewpoint does not hold
is track free 4-6? free, on news of an age that is not known
all is told from a/b
