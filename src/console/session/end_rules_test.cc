#include "console/session/end_rules.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

using Ends = EndRules::Ends;

const Error kUsage{ErrorCode::kUsage, "no such command"};
const Error kFile{ErrorCode::kFile, "no such file"};

struct Case {
  SessionOptions options{};
  Stop stop;
  EndRules rules{options, stop};
};

TEST(EndRules, AnErrorEndsAScriptALineOrOnlyItsCommand) {
  Case script, prompt, keeps_going;
  prompt.options.interactive = true;
  keeps_going.options.keep_going = true;
  EXPECT_EQ(script.rules.EndByError(kUsage), Ends::kAll);
  EXPECT_EQ(prompt.rules.EndByError(kUsage), Ends::kLine);
  EXPECT_EQ(keeps_going.rules.EndByError(kUsage), Ends::kCommand);
  EXPECT_TRUE(script.rules.IsFatal(/*goes_on=*/false));
  EXPECT_FALSE(prompt.rules.IsFatal(/*goes_on=*/true));
}

TEST(EndRules, TheFirstErrorGivesTheExitCode) {
  Case keeps_going;
  keeps_going.options.keep_going = true;
  EXPECT_EQ(keeps_going.rules.exit_code(), 0);
  keeps_going.rules.EndByError(kFile);
  keeps_going.rules.Note(kUsage);
  EXPECT_EQ(keeps_going.rules.exit_code(), static_cast<int>(ErrorCode::kFile));
}

TEST(EndRules, AnErrorEndsARequestAndNotTheProgram) {
  Case driven;
  driven.rules.BeginRequest();
  EXPECT_EQ(driven.rules.EndByError(kUsage), Ends::kAll);
  EXPECT_FALSE(driven.rules.IsFatal(/*goes_on=*/false));
  driven.rules.EndRequest();
  EXPECT_TRUE(driven.rules.IsFatal(/*goes_on=*/false));
}

TEST(EndRules, WhoeverIsAtAPromptOutlivesCtrlC) {
  Case script, prompt, library;
  prompt.options.interactive = true;
  library.options.outlives_interrupt = true;
  for (Case* c : {&script, &prompt, &library}) c->stop.Request(ErrorCode::kInterrupted);
  EXPECT_FALSE(script.rules.EndByStop());
  EXPECT_TRUE(prompt.rules.EndByStop());
  EXPECT_TRUE(library.rules.EndByStop());
  EXPECT_EQ(script.rules.exit_code(), 130);
  EXPECT_TRUE(script.rules.IsFatal(/*goes_on=*/true));
  EXPECT_FALSE(prompt.rules.IsFatal(/*goes_on=*/false));
}

TEST(EndRules, AScriptOutlivesTheStopOfAnotherClient) {
  Case script;
  script.stop.Cancel();
  EXPECT_EQ(script.rules.EndByError(kUsage), Ends::kCommand) << "the stop ends the rest";
  EXPECT_TRUE(script.rules.EndByStop());
  EXPECT_FALSE(script.rules.IsFatal(/*goes_on=*/false));
}

TEST(EndRules, NobodyOutlivesTheRequestToEnd) {
  Case prompt;
  prompt.options.interactive = prompt.options.outlives_interrupt = true;
  prompt.rules.BeginRequest();
  prompt.stop.Request(ErrorCode::kTerminated);
  EXPECT_FALSE(prompt.rules.EndByStop());
  EXPECT_TRUE(prompt.rules.IsFatal(/*goes_on=*/true));
  EXPECT_EQ(prompt.rules.exit_code(), 143);
}

}  // namespace
}  // namespace delstep
