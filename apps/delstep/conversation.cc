#include "apps/delstep/conversation.h"

#include <fmt/format.h>
#include <unistd.h>

#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/terminal/ascii.h"
#include "console/terminal/terminal.h"

namespace delstep {

Conversation::Conversation(Session& session, const Simulation& simulation, StandardOutputs& outputs,
                           SignalWatch& watch, bool interactive)
    : session_(session),
      simulation_(simulation),
      outputs_(outputs),
      watch_(watch),
      interactive_(interactive) {
  outputs_.SetGone([this] { session_.RequestStop(ErrorCode::kInterrupted); });
  watch_.SetStop([this](ErrorCode code) { session_.RequestStop(code); });
}

Conversation::~Conversation() {
  watch_.SetStop({});
  outputs_.SetGone({});
}

void Conversation::Run(const Arguments& arguments, bool with_scripts) {
  if (with_scripts)
    for (const CommandSource& source : arguments.sources)
      if (!RunSource(source)) return;
  if (!arguments.sources.empty() && !arguments.stay) return;
  if (interactive_)
    Prompt(/*greet=*/!arguments.quiet);
  else
    ReadInput();
}

bool Conversation::RunSource(const CommandSource& source) {
  switch (source.kind) {
    case CommandSource::Kind::kFile:
      return Do([&] { return session_.RunFile(source.text); });
    case CommandSource::Kind::kText:
      return Do([&] { return session_.RunText(source.text, "-c"); });
    case CommandSource::Kind::kInput:
      return ReadInput();
  }
  return false;
}

bool Conversation::ReadInput() {
  LineReader reader(STDIN_FILENO, watch_.wake_fd());
  return FeedAll([&] { return reader.Read(); });
}

bool Conversation::Prompt(bool greet) {
  if (greet)
    outputs_.Err(fmt::format("DEL-Step {}: {}, {}. Type 'help' for help, 'exit' to leave.\n",
                             Version(), Count(simulation_.Nodes().size(), "node"),
                             simulation_.data().name));
  Terminal terminal({[this](std::string_view line) { return session_.Complete(line); },
                     [this](std::string_view line) { return session_.Hint(line); }},
                    watch_.wake_fd(), HistoryFile());
  return FeedAll([&] {
    const std::string prompt = session_.NeedsMore() ? "...> " : session_.Prompt();
    Input input = terminal.Read(WantsAscii() ? AsciiText(prompt) : prompt);
    if (input.kind == Input::Kind::kLine && Trim(input.line).empty() && !session_.NeedsMore())
      input.line = session_.RepeatableCommand();
    return input;
  });
}

/// Feeds lines to the session until the input ends.
bool Conversation::FeedAll(const std::function<Input()>& read) {
  for (;;) {
    const Input input = read();
    switch (input.kind) {
      case Input::Kind::kEnd:
        return Do([&] { return session_.EndInput(); });
      case Input::Kind::kWoken:
        if (!Answer()) return false;
        break;
      case Input::Kind::kLine:
        if (!Do([&] { return session_.FeedLine(input.line); })) return false;
    }
  }
}

/// Runs commands, unless a signal came before them.
bool Conversation::Do(const std::function<bool()>& commands) {
  // Signals do not reach the session yet: from BeginWork() on, none may be forgotten.
  session_.ForgetInterrupt();
  if (!watch_.BeginWork()) return Answer();
  const bool go_on = commands();
  watch_.EndWork();
  outputs_.Flush();
  if (const auto stopped = watch_.TakeStopped();
      stopped && (!interactive_ || *stopped == ErrorCode::kTerminated))
    signalled_ = *stopped;
  return go_on && !signalled_ && !outputs_.gone();
}

/// Answers to a signal that came between commands.
bool Conversation::Answer() {
  const auto pending = watch_.TakePending();
  if (!pending) return true;
  // A session with its models is not lost by one key too many: only `exit` and Ctrl-D end a prompt.
  if (interactive_ && *pending == ErrorCode::kInterrupted) {
    session_.DropLine();
    return true;
  }
  signalled_ = *pending;
  return false;
}

}  // namespace delstep
