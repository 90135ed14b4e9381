#include "apps/delstep/requests.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(Request, KeepsTheIdAsItWasWritten) {
  EXPECT_EQ(ParseRequest(R"({"id":1.50,"cmd":"cycle"})").id, "1.50");
  EXPECT_EQ(ParseRequest(R"({"id":123456789012345678901234567890,"cmd":""})").id,
            "123456789012345678901234567890");
  EXPECT_EQ(ParseRequest(R"({"id":-7,"cmd":""})").id, "-7");
  EXPECT_EQ(ParseRequest("{\"id\":\"\\u00fc\\n\",\"cmd\":\"\"}").id, "\"ü\\n\"");
}

TEST(Request, TellsItsKinds) {
  const Request commands = ParseRequest(R"( {"progress":true,"cmd":"a\nb","id":"x"} )");
  EXPECT_EQ(commands.kind, Request::Kind::kCommands);
  EXPECT_EQ(commands.commands, "a\nb");
  EXPECT_TRUE(commands.progress);
  const Request cancel = ParseRequest(R"({"cancel":"x"})");
  EXPECT_EQ(cancel.kind, Request::Kind::kCancel);
  EXPECT_EQ(cancel.id, "\"x\"");
}

TEST(Request, SaysWhatIsWrong) {
  const auto message = [](std::string_view line) {
    const Request request = ParseRequest(line);
    EXPECT_EQ(request.kind, Request::Kind::kWrong) << line;
    EXPECT_FALSE(request.error.hint.empty()) << line;
    return request.error.message;
  };
  EXPECT_EQ(message(R"({"id":1})"), "the request has no cmd");
  EXPECT_EQ(message(R"({"cmd":"cycle"})"), "the request has no id");
  EXPECT_EQ(message(R"({"id":1,"cmd":7})"), "'cmd' of a request cannot be a number");
  EXPECT_EQ(message(R"({"id":1,"cmd":"a","cmd":"b"})"), "the request has 'cmd' twice");
  EXPECT_EQ(message(R"({"id":1,"comand":"a"})"), "a request has no member 'comand'");
  EXPECT_EQ(message(R"({"id":1,"cancel":1})"), "cancel stands alone in its line");
  EXPECT_EQ(message(R"({"id":[1],"cmd":""})"), "'id' of a request cannot be a list");
  EXPECT_EQ(message(std::string_view("{\"id\":1,\"cmd\":\"a\"}\0 x", 21)),
            "the line is no JSON object: wrong at byte 19");
  EXPECT_EQ(message("[1]"), "a request is an object, not a list");
  EXPECT_EQ(message(R"({"id":1,"cmd":"a)"), "the line is no JSON object: wrong at byte 17");
}

}  // namespace
}  // namespace delstep
