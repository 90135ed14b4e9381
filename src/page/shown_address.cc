#include "page/shown_address.h"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace delstep {

std::string ShownAddress(const std::string& bound) {
  if (bound != "0.0.0.0" && bound != "::") return bound;
  std::string found = "127.0.0.1";
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return found;
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
    const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
    const std::uint32_t number = ntohl(address->sin_addr.s_addr);
    if (number >> 24 == 127) continue;
    found = fmt::format("{}.{}.{}.{}", number >> 24, number >> 16 & 255, number >> 8 & 255,
                        number & 255);
    break;
  }
  freeifaddrs(all);
  return found;
}

}  // namespace delstep
