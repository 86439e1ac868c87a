# Archives and compression.
mkdir d; echo 1 > d/a; echo 2 > d/b; tar cf t.tar d; tar tf t.tar | sort; rm -r d; tar xf t.tar; cat d/a d/b
mkdir d; echo 1 > d/a; tar czf t.tgz d; rm -r d; tar xzf t.tgz; cat d/a; gunzip -t t.tgz; echo $?
mkdir d; echo 1 > d/a; tar cjf t.tbz d; tar tjf t.tbz; tar xjf t.tbz -C /nowhere; echo $?
mkdir d; touch -d '2020-01-01' d/x; chmod 640 d/x; ln -s x d/l; tar cf t d; tar tvf t | grep -v 'd/$' | awk '{print $1, $2, $6}'; tar xOf t d/x
echo hello > f; gzip f; ls; gunzip f.gz; cat f; gzip -c f > g.gz; zcat g.gz; gzip -d < g.gz
echo hello > f; bzip2 f; ls; bzcat f.bz2; bunzip2 f.bz2; cat f
seq 1000 | gzip | gunzip | md5sum; seq 1000 | bzip2 | bunzip2 | tail -1; seq 1000 | lzop 2>/dev/null | wc -c | grep -q . && echo lzop
echo notgz > f.gz; gunzip f.gz; echo $?; gunzip nothing.gz; echo $?
mkdir d; echo a > d/f; find d | cpio -o -H newc 2>/dev/null > c; rm -r d; cpio -id < c 2>/dev/null; cat d/f; cpio -t < c
printf 'abc' > m; ar 2>/dev/null; tar cf - m | tar tf -; tar cf - m | tar xf - -O; echo
seq 2000 > big; tar cf - big | gzip -9 | zcat | tar xOf - big | tail -2; xz -h >/dev/null 2>&1; echo $?
printf 'BZh9bad' | bunzip2; echo $?; printf '\037\213bad' | zcat; echo $?
mkdir -p a/b; echo x > a/b/c; tar cf t --exclude 'b' a; tar tf t; tar cf u -C a b; tar tf u
