# A harness that ends as its compiler's name says. $1: the compiler, $2: the log.
row() { printf 'dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio\ncpu,one,1,%s,2.0,3.0,1.0\n' "$1"; }
case $1 in
good) row 1.0 >"$2" ;;
fast) row 2.5 >"$2" ;;
fails) echo "the model is too large" >&2; exit 3 ;;
hangs) row 1.0 >"$2"; sleep 100 ;;
dies) kill -SEGV $$ ;;
silent) : ;;
broken) printf 'dev,name,batch_size,speedup\ncpu,"one,1,1.0\n' >"$2" ;;
empty) : >"$2" ;;
garbage) head -c 3000 /dev/zero >"$2" ;;
esac
