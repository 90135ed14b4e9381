#include "apps/delstep/conversation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "apps/delstep/progress_objects.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/terminal/ascii.h"
#include "console/terminal/terminal.h"

namespace delstep {

Conversation::Conversation(Session& session, SessionHost& host, const Simulation& simulation,
                           StandardOutputs& outputs, SignalWatch& watch, Options options)
    : session_(session),
      host_(host),
      simulation_(simulation),
      outputs_(outputs),
      watch_(watch),
      options_(options) {
  outputs_.SetGone([this] { session_.RequestStop(ErrorCode::kInterrupted); });
  watch_.SetTerminated([this] { outputs_.Hurry(); });
  watch_.SetStop([this](ErrorCode code) { session_.RequestStop(code); });
}

Conversation::~Conversation() {
  watch_.SetStop({});
  watch_.SetTerminated({});
  outputs_.SetGone({});
}

void Conversation::Run(const Arguments& arguments, bool with_scripts) {
  if (options_.with_saved) {
    // Where commands came from standard input before, the next ones come from there again.
    const bool go_on = Do([&] { return session_.RunSaved(); });
    if (cancelled_) return StayForOthers();
    if (!go_on || !session_.SavedFromInput()) return;
  }
  if (with_scripts && !RunSources(arguments.sources)) return;
  if (!arguments.sources.empty() && !arguments.stay) return StayForOthers();
  session_.SetFromInput();
  if (options_.interactive)
    Prompt(/*greet=*/!arguments.quiet);
  else if (const bool go_on = ReadInput(); cancelled_ || (go_on && !brought_))
    StayForOthers();
  // It came while nobody read what was put out.
  if (!signalled_ && outputs_.gone())
    if (watch_.TakePending() == ErrorCode::kTerminated) signalled_ = ErrorCode::kTerminated;
}

/// Until a signal, or until one of them ends the session. Nothing comes from standard input.
void Conversation::StayForOthers() {
  outputs_.Flush();
  while (options_.has_others && options_.has_others()) {
    WaitForInput(-1, watch_.wake_fd());
    if (watch_.asked_to_end()) return;
    signalled_ = watch_.TakePending();
    if (signalled_) return;
  }
}

bool Conversation::RunSources(const std::vector<CommandSource>& sources) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    // Those after it are part of a checkpoint; what standard input will bring nobody knows.
    std::vector<ScriptSource> following;
    for (std::size_t next = i + 1; next < sources.size(); ++next)
      if (sources[next].kind != CommandSource::Kind::kInput)
        following.push_back(
            {.is_file = sources[next].kind == CommandSource::Kind::kFile,
             .text = sources[next].text,
             .origin = sources[next].kind == CommandSource::Kind::kFile ? "" : "-c"});
    session_.SetFollowing(std::move(following));
    if (!RunSource(sources[i]) && !std::exchange(cancelled_, false)) return false;
  }
  return true;
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
  if (options_.json != nullptr) return ReadRequests();
  LineReader reader(STDIN_FILENO, watch_.wake_fd());
  return FeedAll([&] { return reader.Read(); });
}

/// Lines may be commands as always, or requests.
bool Conversation::ReadRequests() {
  if (options_.serves) SetServed();
  RequestInput input(STDIN_FILENO, watch_.wake_fd(), *options_.json,
                     [this] { session_.RequestStop(ErrorCode::kInterrupted); });
  const bool go_on = TakeRequests(input);
  if (!go_on && !outputs_.gone()) TurnAway(input);
  return go_on;
}

/// From here on no error of a line ends the program.
void Conversation::SetServed() {
  spoken_to_ = served_ = true;
  session_.OutliveInterrupts();
  session_.OutliveErrors();
}

/// Answers the requests that wait while the program ends.
void Conversation::TurnAway(RequestInput& input) {
  JsonStream& json = *options_.json;
  const Error error =
      signalled_ ? StoppedBefore(*signalled_)
                 : Refused("not begun: the program ends", "start it again and send it there");
  for (const Request& request : input.TakeWaiting())
    json.Put(request.id, NotBegunMembers(request, error, json, signalled_.has_value()),
             /*done=*/true);
  outputs_.Flush();
}

bool Conversation::TakeRequests(RequestInput& input) {
  for (;;) {
    const InputLine line = input.Read();
    spoken_to_ |= input.SawRequest();
    if (spoken_to_) session_.OutliveInterrupts();
    if (line.request && line.request->kind == Request::Kind::kCommands) SetServed();
    if (GoesOn()) watch_.DoNotInsist();
    if (line.kind == Input::Kind::kEnd) return Do([&] { return session_.EndInput(); });
    brought_ |= line.kind == Input::Kind::kLine;
    if (line.kind == Input::Kind::kWoken) {
      if (!Answer()) return false;
      continue;
    }
    // A line of an open block may begin with a brace. A whole request is none of its lines: whoever
    // opened it has forgotten it, and would wait for ever.
    const bool is_whole = line.request && line.request->kind != Request::Kind::kWrong;
    if (!line.request || (session_.NeedsMore() && !is_whole)) {
      if (!Do([&] { return session_.FeedLine(line.line, line.number); })) return false;
      continue;
    }
    const auto give_up = [&] {
      session_.GiveUpLine();
      return true;
    };
    if (session_.NeedsMore() && !Do(give_up)) return false;
    if (!Serve(*line.request, input)) return false;
  }
}

bool Conversation::Serve(const Request& request, RequestInput& input) {
  JsonStream& json = *options_.json;
  if (request.kind == Request::Kind::kWrong) {
    json.Put(request.id, ErrorMembers(request.error, json.TimeMembers(), false), /*done=*/true);
    outputs_.Flush();
    return !outputs_.gone();
  }
  bool began = false;
  const bool go_on = Do([&] {
    began = input.Begin();
    if (!began) return true;
    std::optional<ProgressObjects> progress;
    if (request.progress) progress.emplace(simulation_, json, request.id);
    const bool more = session_.RunRequest(request.id, request.commands);
    // Now no cancel asks for a stop any more, which the next command would obey.
    input.End();
    return more;
  });
  if (!began)
    json.Put(
        request.id,
        NotBegunMembers(request, StoppedBefore(signalled_.value_or(ErrorCode::kInterrupted)), json,
                        /*fatal=*/signalled_.has_value()),
        /*done=*/true);
  input.End();
  return go_on;
}

bool Conversation::Prompt(bool greet) {
  if (greet)
    outputs_.Err(fmt::format("DEL-Step {}: {}, {}. Type 'help' for help, 'exit' to leave.\n",
                             Version(), Count(simulation_.Nodes().size(), "node"),
                             simulation_.data().name));
  // While somebody else is at work nothing can be completed, rather than typing stand still.
  const auto complete = [this](std::string_view line) {
    Completion completion;
    host_.TryWork(client(), [&] { completion = session_.Complete(line); });
    return completion;
  };
  Terminal terminal({complete, [this](std::string_view line) { return session_.Hint(line); }},
                    watch_.wake_fd(), news_, HistoryFile());
  return FeedAll([&] {
    const std::string prompt = PromptText();
    Input input = terminal.Read(WantsAscii() ? AsciiText(prompt) : prompt);
    if (input.kind == Input::Kind::kLine && Trim(input.line).empty() && !session_.NeedsMore())
      host_.Work(client(), [&] { input.line = session_.RepeatableCommand(); });
    return input;
  });
}

std::string Conversation::PromptText() {
  if (session_.NeedsMore()) return "...> ";
  std::string prompt = "[busy]> ";
  host_.TryWork(client(), [&] { prompt = session_.Prompt(); });
  return prompt;
}

/// Feeds lines to the session until the input ends.
bool Conversation::FeedAll(const std::function<Input()>& read) {
  for (;;) {
    const Input input = read();
    switch (input.kind) {
      case Input::Kind::kEnd: {
        // As in other shells, Ctrl-D in an open block gives that up, and not the session.
        const bool stays = options_.interactive && session_.NeedsMore();
        const bool go_on = Do([&] { return session_.EndInput(); });
        if (!stays || !go_on) return go_on;
        break;
      }
      case Input::Kind::kWoken:
        if (!Answer()) return false;
        break;
      case Input::Kind::kLine:
        brought_ = true;
        if (!Do([&] { return session_.FeedLine(input.line); })) return false;
    }
  }
}

/// Runs commands, unless a signal came before them.
bool Conversation::Do(const std::function<bool()>& commands) {
  bool go_on = false, began = false;
  const bool at_once = host_.TryWork(client(), [&] {
    // Signals do not reach the session yet: from BeginWork() on, none may be forgotten.
    if (GoesOn()) session_.ForgetInterrupt();
    began = watch_.BeginWork();
    if (began) go_on = Begin(commands);
  });
  if (!at_once) {
    // Somebody else is at work. A Ctrl-C ends that, and what waits for it here.
    began = watch_.BeginWork();
    if (began) host_.Work(client(), [&] { go_on = AfterOthers(commands); });
  }
  if (!began) return Answer();
  watch_.EndWork();
  if (options_.after_work) options_.after_work();
  outputs_.Flush();
  if (const auto stopped = watch_.TakeStopped();
      stopped && (!GoesOn() || *stopped == ErrorCode::kTerminated))
    signalled_ = *stopped;
  const bool ends = signalled_ || outputs_.gone() || watch_.asked_to_end();
  cancelled_ = cancelled_ && !ends;
  return go_on && !ends;
}

/// Runs commands while having the session. Where a script is stopped by another client nothing more
/// of it runs, but no signal has come: what stays, stays.
bool Conversation::Begin(const std::function<bool()>& commands) {
  const bool go_on = commands();
  if (GoesOn() || !session_.cancelled()) return go_on;
  cancelled_ = true;
  return false;
}

/// Runs commands that had to wait, unless a signal came meanwhile.
bool Conversation::AfterOthers(const std::function<bool()>& commands) {
  const auto stopped = watch_.TakeStopped();
  if (!stopped) return Begin(commands);
  session_.ForgetInterrupt();
  session_.DropLine();
  if (!GoesOn() || *stopped == ErrorCode::kTerminated) signalled_ = *stopped;
  return !signalled_;
}

/// Answers to a signal that came between commands.
bool Conversation::Answer() {
  if (watch_.asked_to_end()) return false;
  const auto pending = watch_.TakePending();
  if (!pending) return true;
  // A session with its models is not lost by one key too many: only `exit` and Ctrl-D end a prompt.
  if (GoesOn() && *pending == ErrorCode::kInterrupted) {
    session_.DropLine();
    return true;
  }
  signalled_ = *pending;
  return false;
}

}  // namespace delstep
