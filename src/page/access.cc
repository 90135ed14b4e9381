#include "page/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

/// As it stands in an address: IPv6 in brackets.
std::string InUrl(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

bool IsAny(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

/// "192.168.1.20" or "[fd00::2]": a number, so nobody's name can lead there.
bool IsNumericAddress(std::string_view host) {
  const bool in_brackets = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  const std::string number(in_brackets ? host.substr(1, host.size() - 2) : host);
  // inet_pton reads up to a null: what stands behind one would not be looked at.
  if (number.find('\0') != std::string::npos) return false;
  in6_addr parsed{};  // has room for both kinds
  return inet_pton(in_brackets ? AF_INET6 : AF_INET, number.c_str(), &parsed) == 1;
}

Result<std::string> RandomHex() {
  std::array<std::uint8_t, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return Error{ErrorCode::kUnavailable,
                 "the system gives no random numbers for the page's token"};
  std::string hex;
  for (const std::uint8_t byte : bytes) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace

std::string_view Name(Rights rights) {
  constexpr std::array<std::string_view, 3> kNames = {"none", "watch", "command"};
  return kNames[static_cast<std::size_t>(rights)];
}

Result<PageTokens> MakeTokens() {
  DELSTEP_ASSIGN(std::string command, RandomHex());
  DELSTEP_ASSIGN(std::string watch, RandomHex());
  return PageTokens{std::move(command), std::move(watch)};
}

bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

Access::Access(PageTokens tokens, Place place)
    : tokens_(std::move(tokens)), place_(std::move(place)) {
  for (const std::string& name :
       {std::string("127.0.0.1"), std::string("localhost"), std::string("[::1]"),
        Lower(InUrl(place_.bound)), Lower(InUrl(place_.shown))}) {
    hosts_.push_back(fmt::format("{}:{}", name, place_.port));
    // Browsers leave out the port that is usual.
    if (place_.port == 80) hosts_.push_back(name);
  }
}

bool Access::IsOurs(std::string_view host) const {
  const std::string lower = Lower(std::string(host));
  if (std::ranges::find(hosts_, lower) != hosts_.end()) return true;
  // Where all addresses of the machine are served, each of them may be asked for by its number.
  const std::string port = fmt::format(":{}", place_.port);
  return IsAny(place_.bound) && lower.ends_with(port) &&
         IsNumericAddress(std::string_view(lower).substr(0, lower.size() - port.size()));
}

Access::Verdict Access::Judge(const Asked& asked) const {
  constexpr std::string_view kOpen = "open the address that the program has printed";
  if (asked.hosts != 1 || !IsOurs(asked.host))
    return {.message = fmt::format("the page is not served under the name '{}'",
                                   asked.host.substr(0, 100)),
            .hint = std::string(kOpen)};
  constexpr std::string_view kScheme = "http://";
  if (asked.origins > 1 || (asked.origins == 1 && (!asked.origin.starts_with(kScheme) ||
                                                   !IsOurs(asked.origin.substr(kScheme.size())))))
    return {.message = "pages from elsewhere may not use this one", .hint = std::string(kOpen)};
  if (asked.token.empty()) return {.message = "the token is missing", .hint = std::string(kOpen)};
  // Both are compared, whatever the first comparison says.
  const bool may_command = SameSecret(asked.token, tokens_.command);
  const bool may_watch = SameSecret(asked.token, tokens_.watch);
  if (may_command) return {.rights = Rights::kCommand, .message = {}, .hint = {}};
  if (may_watch) return {.rights = Rights::kWatch, .message = {}, .hint = {}};
  return {.message = "the token is another run's", .hint = std::string(kOpen)};
}

bool Access::LooksLikeCommand(std::string_view head) const {
  constexpr std::string_view kToken = "oken";  // of "?token=" and "X-Delstep-Token: "
  for (auto at = head.find(kToken); at != std::string_view::npos; at = head.find(kToken, at)) {
    at += kToken.size();
    const auto begin = head.find_first_not_of("=: ", at);
    if (begin == std::string_view::npos) return false;
    if (SameSecret(head.substr(begin, tokens_.command.size()), tokens_.command)) return true;
  }
  return false;
}

std::string Access::Address(Rights rights) const {
  return fmt::format("http://{}:{}/?token={}", InUrl(place_.shown), place_.port,
                     rights == Rights::kCommand ? tokens_.command : tokens_.watch);
}

}  // namespace delstep
