// SPDX-License-Identifier: GPL-2.0-only
/// delstep-ns3: packet-level networks for DEL-Step, by ns-3. Not started by hand, but by the
/// simulator, which talks to it over descriptor 3 (docs/internals/network-helpers.md).
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include <nlohmann/json.hpp>

#include "network/ns3/helper/refusal.h"
#include "network/ns3/helper/session.h"
#include "network/ns3/helper/watchdog.h"
#include "network/ns3/helper/wire.h"

namespace delstep_ns3 {
namespace {

constexpr std::size_t kLongestError = 400;  // a line may have been mebibytes of nonsense

bool HasSocket() {
  int type = 0;
  socklen_t size = sizeof type;
  return getsockopt(watchdog::kSocket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
         type == SOCK_STREAM;
}

// ns-3 ends the process when it is misused. The simulator shall hear of it all the same.
[[noreturn]] void OnTerminate() {
  watchdog::Rest();
  constexpr char kLine[] = "{\"error\":\"ns-3 ended itself\",\"hint\":\"this is a bug\"}\n";
  send(watchdog::kSocket, kLine, sizeof kLine - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
  _exit(1);
}

int Serve() {
  watchdog::Work();
  Wire wire;
  Refusal refusal;
  try {
    Session(wire).Run();
    return 0;
  } catch (const Refusal& why) {
    refusal = why;
  } catch (const std::bad_alloc&) {
    refusal = {"the packet-level network is out of memory", "take fewer nodes or smaller messages"};
  } catch (const std::exception& why) {
    refusal = {std::string("unexpected: ") + why.what(), "this is a bug"};
  }
  if (refusal.error.size() > kLongestError) refusal.error.resize(kLongestError);
  const nlohmann::json answer{{"error", refusal.error}, {"hint", refusal.hint}};
  wire.Write(answer.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  return 1;
}

}  // namespace
}  // namespace delstep_ns3

int main(int argc, char** argv) {
  using namespace delstep_ns3;
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::puts("delstep-ns3 1 (" DELSTEP_NS3_VERSION "), GPL-2.0-only");
    return 0;
  }
  if (argc != 1 || !HasSocket()) {
    std::fputs(
        "delstep-ns3: this is a part of delstep, which starts it with a socket as descriptor 3\n",
        stderr);
    return 2;
  }
  fcntl(watchdog::kSocket, F_SETFD, FD_CLOEXEC);
  std::set_terminate(OnTerminate);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);  // nobody waits for copies
  signal(SIGINT, SIG_IGN);   // Ctrl-C at the terminal is for the simulator
  // ns-3 allocates and frees all the time; giving memory back and asking for it again is a quarter
  // of its work otherwise.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  watchdog::Install();
  // No destructors: ns-3 would take a second to put away a large network.
  std::_Exit(Serve());
}
