#include "page/access.h"

#include <gtest/gtest.h>

#include <set>

namespace delstep {
namespace {

const PageTokens kTokens{.command = std::string(32, 'c'), .watch = std::string(32, 'w')};

Access Local() { return {kTokens, {.bound = "127.0.0.1", .shown = "127.0.0.1", .port = 8642}}; }

Rights RightsFor(const Access& access, std::string_view host, std::string_view origin,
                 std::string_view token) {
  return access
      .Judge({.host = host, .origin = origin, .token = token, .origins = origin.empty() ? 0u : 1u})
      .rights;
}

TEST(Access, GivesEachTokenItsRights) {
  EXPECT_EQ(RightsFor(Local(), "127.0.0.1:8642", "", kTokens.command), Rights::kCommand);
  EXPECT_EQ(RightsFor(Local(), "127.0.0.1:8642", "", kTokens.watch), Rights::kWatch);
  for (const std::string& wrong : {std::string(), std::string(32, 'x'), std::string(31, 'c'),
                                   std::string(33, 'c'), std::string(31, 'c') + 'd'})
    EXPECT_EQ(RightsFor(Local(), "127.0.0.1:8642", "", wrong), Rights::kNone) << wrong;
}

TEST(Access, KnowsItsOwnNamesAlone) {
  for (const char* host : {"127.0.0.1:8642", "localhost:8642", "LocalHost:8642", "[::1]:8642"})
    EXPECT_EQ(RightsFor(Local(), host, "", kTokens.command), Rights::kCommand) << host;
  for (const char* host : {"", "127.0.0.1", "127.0.0.1:80", "evil.example:8642", "127.0.0.2:8642",
                           "127.0.0.1:8642.evil.example", "evil.example", "192.168.1.5:8642"})
    EXPECT_EQ(RightsFor(Local(), host, "", kTokens.command), Rights::kNone) << host;
}

TEST(Access, WhoCommandsIsSeenInTheHead) {
  const Access access = Local();
  const auto looks = [&](const std::string& head) { return access.LooksLikeCommand(head); };
  EXPECT_TRUE(looks("GET /?token=" + kTokens.command + " HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_TRUE(looks("GET /?a=1&token=" + kTokens.command + "&b=2 HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(looks("GET / HTTP/1.1\r\nx-delstep-token:" + kTokens.command + "\r\n\r\n"));
  EXPECT_TRUE(looks("GET /?token=x HTTP/1.1\r\nX-Delstep-Token: " + kTokens.command + "\r\n\r\n"));
  EXPECT_FALSE(looks("GET /?token=" + kTokens.watch + " HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(looks("GET /" + kTokens.command + " HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(looks("token"));
  EXPECT_FALSE(looks(""));
}

TEST(Access, EachNumberOfTheMachineIsServedWhereAllAre) {
  const Access access(kTokens, {.bound = "::", .shown = "192.168.1.5", .port = 9000});
  for (const char* host : {"[fd00::2]:9000", "[FD00::2]:9000", "[2001:db8:0:0:0:0:0:1]:9000",
                           "[::1]:9000", "192.168.1.5:9000", "10.0.0.7:9000"})
    EXPECT_EQ(RightsFor(access, host, "", kTokens.watch), Rights::kWatch) << host;
  using namespace std::string_view_literals;
  for (const std::string_view host :
       {"[fd00::2]:9001"sv, "fd00::2:9000"sv, "[evil.example]:9000"sv, "[10.0.0.7]:9000"sv,
        "[]:9000"sv, "[fd00::2%eth0]:9000"sv, "[fd00::2\0x]:9000"sv, "10.0.0.07:9000"sv,
        "10.0.0:9000"sv, "10.0.0.256:9000"sv})
    EXPECT_EQ(RightsFor(access, host, "", kTokens.watch), Rights::kNone) << host;
}

TEST(Access, RefusesAHostThatIsMissingOrGivenTwice) {
  const Access access = Local();
  for (const std::size_t hosts : {0u, 2u})
    EXPECT_EQ(
        access.Judge({.host = "127.0.0.1:8642", .token = kTokens.command, .hosts = hosts}).rights,
        Rights::kNone);
}

TEST(Access, LetsNoForeignPageIn) {
  for (const char* origin : {"http://127.0.0.1:8642", "http://localhost:8642"})
    EXPECT_EQ(RightsFor(Local(), "127.0.0.1:8642", origin, kTokens.command), Rights::kCommand);
  for (const char* origin : {"null", "https://127.0.0.1:8642", "http://evil.example",
                             "http://127.0.0.1:8643", "http://127.0.0.1:8642.evil.example"})
    EXPECT_EQ(RightsFor(Local(), "127.0.0.1:8642", origin, kTokens.command), Rights::kNone)
        << origin;
  EXPECT_EQ(Local()
                .Judge({.host = "127.0.0.1:8642",
                        .origin = "http://127.0.0.1:8642",
                        .token = kTokens.command,
                        .origins = 2})
                .rights,
            Rights::kNone);
}

TEST(Access, TakesNumbersForAllAddressesButNoNames) {
  const Access access(kTokens, {.bound = "0.0.0.0", .shown = "192.168.1.5", .port = 9000});
  for (const char* host : {"192.168.1.5:9000", "10.1.2.3:9000", "127.0.0.1:9000"})
    EXPECT_EQ(RightsFor(access, host, "", kTokens.watch), Rights::kWatch) << host;
  for (const char* host : {"evil.example:9000", "1.2.3.4.evil.example:9000", "1.2.3:9000",
                           "1.2.3.256:9000", "192.168.1.5:9001", "1.2.3.4"})
    EXPECT_EQ(RightsFor(access, host, "", kTokens.watch), Rights::kNone) << host;
  EXPECT_EQ(access.Address(Rights::kWatch), "http://192.168.1.5:9000/?token=" + kTokens.watch);
}

TEST(Access, LeavesOutTheUsualPortAsBrowsersDo) {
  const Access access(kTokens, {.bound = "127.0.0.1", .shown = "127.0.0.1", .port = 80});
  EXPECT_EQ(RightsFor(access, "localhost", "", kTokens.watch), Rights::kWatch);
}

TEST(PageTokens, AreLongAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto tokens = MakeTokens();
    ASSERT_TRUE(tokens);
    for (const std::string& token : {tokens->command, tokens->watch}) {
      EXPECT_EQ(token.size(), 32u);
      EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos);
      EXPECT_TRUE(seen.insert(token).second);
    }
  }
}

TEST(SameSecret, ComparesWholeTexts) {
  EXPECT_TRUE(SameSecret("", ""));
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_FALSE(SameSecret("abc", "abd"));
  EXPECT_FALSE(SameSecret("abc", "bbc"));
  EXPECT_FALSE(SameSecret("abc", "ab"));
}

}  // namespace
}  // namespace delstep
