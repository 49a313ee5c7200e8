Who was displaced gives up what it claimed and claims anew over both releases; nothing of the first claim comes back.
---
node claims track 1-3 class 1 as one
rival claims track 2-4 class 2 as two
rival releases two as end
node releases one as gone
node claims track 1-3 class 1 over two by end one by gone as again
---
one/0: ended [BACK-2]: one was released by gone
two/0: ended [BACK-2]: two was released by end
end: firm [RULE-2]: end is said by one who is granted to say it
gone: firm [RULE-2]: gone is said by one who is granted to say it
again/0: provisional [OPEN-1]: again contends for an open resource, and no known claim goes first
track is taken 1-3 by again/0
exception: ended [BACK-2]: one was released by gone
exception: ended [BACK-2]: two was released by end
