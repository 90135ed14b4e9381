#include "console/language/command_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "base/nearest_file.h"
#include "base/pipe.h"
#include "scenario/catalogue.h"

namespace delstep {

namespace {

/// Bodies of repeats lie in their script too; each counts with its repeat.
std::uint64_t CountCommands(const Script& script, std::size_t begin, std::size_t end) {
  std::uint64_t count = 0;
  for (std::size_t i = begin; i < end; i = script.statements[i].end) ++count;
  return count;
}

}  // namespace

void CommandQueue::Push(std::shared_ptr<const Script> script, bool is_file) {
  Frame frame;
  frame.end = script->statements.size();
  frame.commands = CountCommands(*script, 0, frame.end);
  frame.script = std::move(script);
  frame.is_script = true;
  frame.is_file = is_file;
  frames_.push_back(std::move(frame));
}

std::string CommandQueue::PathOf(const Word& file) const {
  namespace fs = std::filesystem;
  std::string path = file.text;
  // The innermost script: the body of a repeat belongs to the file that it stands in.
  const auto script = std::find_if(frames_.rbegin(), frames_.rend(),
                                   [](const Frame& frame) { return frame.is_script; });
  if (script != frames_.rend() && script->is_file) {
    const fs::path beside = fs::path(script->script->file).parent_path() / file.text;
    std::error_code error;
    if (fs::exists(beside, error)) path = beside.string();
  }
  return FindScript(path);
}

Result<std::string> CommandQueue::Load(const Word& file, std::stop_token stop) {
  std::string path = PathOf(file);
  // Its lines are being read already: what a second reader got would be missing there.
  const std::string& origin = frames_.empty() ? path : outermost().file;
  if ((origin == kInputName || origin == kRequestName) && IsPipe(path) && IsStandardInput(path))
    return At(file, Refused(fmt::format("'{}' is the input that this command came from", path),
                            "write the commands here, without load"));
  if (auto loaded = LoadPath(path, std::move(stop)); !loaded)
    return At(file, std::move(loaded).error());
  return path;
}

Result<void> CommandQueue::LoadPath(const std::string& wanted, std::stop_token stop) {
  const std::string path = FindScript(wanted);
  DELSTEP_TRY(CheckDepth(path));
  auto file = ReadScriptFile(path, std::move(stop));
  if (!file && file.error().hint.empty()) {
    Error error = std::move(file).error();
    std::string meant = NearestFile(path, ".del");
    if (meant.empty()) meant = NearestFile(path);
    error.hint = meant.empty() ? "check the path" : fmt::format("did you mean '{}'?", meant);
    return error;
  }
  DELSTEP_ASSIGN(ReadScript read, std::move(file));
  if (read.unclosed && !tolerates_unclosed_) return *std::move(read.unclosed);
  if (read.unclosed) unclosed_.push_back(*std::move(read.unclosed));
  Push(std::move(read.script), true);
  return {};
}

Result<void> CommandQueue::CheckDepth(const std::string& path) const {
  std::vector<std::string> files;
  for (const Frame& frame : frames_)
    if (frame.is_file) files.push_back(frame.script->file);
  if (files.size() < kDepth) return {};
  files.push_back(path);
  // A script that loads itself gives one name many times: it is told once, with the count.
  std::string chain;
  std::size_t times = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    ++times;
    if (i + 1 < files.size() && files[i + 1] == files[i]) continue;
    chain += (chain.empty() ? "" : " → ") + files[i];
    if (times > 1) chain += fmt::format(" ({} times)", times);
    times = 0;
  }
  return Refused(fmt::format("scripts load each other more than {} deep: {}", kDepth, chain),
                 "use repeat instead of a script that loads itself");
}

void CommandQueue::Repeat(std::uint64_t times) {
  const Frame& now = frames_.back();
  Frame body;
  body.script = now.script;
  body.begin = body.next = now.current + 1;
  body.end = now.script->statements[now.current].end;
  body.times = body.rounds = times;
  if (times == 0 || body.begin >= body.end) return;
  body.commands = CountCommands(*body.script, body.begin, body.end);
  frames_.push_back(std::move(body));
}

const Statement* CommandQueue::Next() {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    // The last statement of a round is followed by the first one of the next.
    if (frame.next >= frame.end && --frame.rounds > 0) {
      frame.next = frame.begin;
      frame.number = 0;
    }
    if (frame.next >= frame.end) {
      if (frame.is_script) Pass(frame.script->last_comments);
      frames_.pop_back();
      continue;
    }
    frame.current = frame.next;
    ++frame.number;
    const Statement& statement = frame.script->statements[frame.current];
    // After a repeat comes what stands after its body: the body gets a frame of its own.
    frame.next = statement.end;
    Pass(statement.comments);
    return &statement;
  }
  return nullptr;
}

std::vector<std::string> CommandQueue::TakeComments() {
  keeps_comments_ = true;
  return std::exchange(comments_, {});
}

void CommandQueue::Pass(const std::vector<std::string>& comments) {
  if (keeps_comments_) comments_.insert(comments_.end(), comments.begin(), comments.end());
}

std::optional<CommandQueue::Place> CommandQueue::EndInnermostRepeat() {
  const auto found = std::find_if(frames_.rbegin(), frames_.rend(),
                                  [](const Frame& frame) { return !frame.is_script; });
  if (found == frames_.rend()) return std::nullopt;
  const auto repeat = std::prev(found.base());
  const bool has_more = std::any_of(repeat, frames_.end(), [](const Frame& frame) {
    return frame.next < frame.end || frame.rounds > 1;
  });
  if (!has_more) return std::nullopt;
  const Place place{
      .in_repeat = true, .number = repeat->times - repeat->rounds + 1, .of = repeat->times};
  frames_.erase(repeat, frames_.end());
  return place;
}

std::size_t CommandQueue::Depth() const {
  const auto goes_on = [](const Frame& frame) {
    return frame.next < frame.end || frame.rounds > 1;
  };
  const auto last = std::find_if(frames_.rbegin(), frames_.rend(), goes_on);
  return static_cast<std::size_t>(frames_.rend() - last);
}

bool CommandQueue::empty() const {
  return std::ranges::all_of(frames_, [](const Frame& frame) {
    return frame.next >= frame.end && (frame.rounds <= 1 || frame.begin >= frame.end);
  });
}

CommandQueue::Place CommandQueue::PlaceInRun() const {
  for (const Frame& frame : frames_)
    if (frame.times > 1)
      return {.in_repeat = true, .number = frame.times - frame.rounds + 1, .of = frame.times};
  for (const Frame& frame : frames_)
    if (frame.commands > 1) return {.number = frame.number, .of = frame.commands};
  return {};
}

std::vector<std::string> CommandQueue::ChainOf(const Error& error) const {
  std::vector<std::string> chain;
  const auto add = [&](const Frame& loader) {
    const Word& word = loader.script->statements[loader.current].words.front();
    chain.push_back(fmt::format("{}:{}", loader.script->file, word.line));
  };
  if (frames_.empty()) return chain;
  // An error of a file that could not be put on the queue lies in that file, not in the current
  // one.
  if (!error.where.empty() && !error.where.starts_with(script().file + ':')) add(frames_.back());
  for (std::size_t i = frames_.size(); i-- > 1;)
    if (frames_[i].is_script) add(frames_[i - 1]);
  return chain;
}

std::span<const Statement> CommandQueue::Body() const {
  const Frame& now = frames_.back();
  const auto& all = now.script->statements;
  return std::span(all).subspan(now.current + 1, all[now.current].end - now.current - 1);
}

}  // namespace delstep
