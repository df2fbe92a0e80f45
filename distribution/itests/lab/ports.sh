# draw NAME N: prints NAME=PORT for the first of N neighbouring ports that nothing uses, neither TCP nor UDP. Below
# the range from which the kernel gives ports to clients, so that no connection takes one between drawing and binding.
draw() {
  local n=$2 first i
  used=${used:-" $(cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null |
    awk '$2 ~ /:/ {split($2,a,":"); printf "%s ", a[2]}')"}
  while :; do
    first=$((10000 + (RANDOM * 32768 + RANDOM) % 22000 / 2 * 2))
    for ((i = 0; i < n; i++)); do
      case $used in *" $(printf '%04X' $((first + i))) "*) continue 2 ;; esac
    done
    for ((i = 0; i < n; i++)); do used="$used$(printf '%04X' $((first + i))) "; done
    echo "$1=$first"
    return
  done
}
