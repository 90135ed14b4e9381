// The queue as bytes and back, for checkpoints.
#include <fmt/format.h>

#include <algorithm>

#include "console/language/command_queue.h"

namespace delstep {

void CommandQueue::Save(ByteWriter& writer) const {
  std::vector<Frame> frames = frames_;
  // A script without commands has just been loaded: nothing of it is left.
  std::erase_if(frames, [](const Frame& frame) { return frame.begin >= frame.end; });
  // A repeat runs in the script that it stands in: both frames have one.
  std::vector<const Script*> scripts;
  for (const Frame& frame : frames)
    if (std::ranges::find(scripts, frame.script.get()) == scripts.end())
      scripts.push_back(frame.script.get());
  writer.Add(std::uint64_t{scripts.size()});
  for (const Script* script : scripts) {
    writer.Add(std::string_view(script->file));
    writer.Add(std::string_view(script->text));
    writer.Add(std::uint64_t{script->first_line});
  }
  writer.Add(std::uint64_t{frames.size()});
  for (const Frame& frame : frames) {
    const auto place = std::ranges::find(scripts, frame.script.get()) - scripts.begin();
    writer.Add(static_cast<std::uint64_t>(place));
    for (const std::uint64_t number :
         {std::uint64_t{frame.begin}, std::uint64_t{frame.end}, std::uint64_t{frame.next},
          std::uint64_t{frame.current}, frame.times, frame.rounds, frame.number, frame.commands})
      writer.Add(number);
    writer.Add(frame.is_script);
    writer.Add(frame.is_file);
  }
}

void CommandQueue::Load(ByteReader& reader) {
  frames_.clear();
  std::vector<std::shared_ptr<const Script>> scripts;
  for (std::size_t left = reader.Count(24); left > 0 && reader.ok(); --left) {
    std::string file(reader.Text()), text(reader.Text());
    const std::uint64_t line = reader.NumberUpTo(1u << 30);
    ReadScript read =
        ParseScript(std::move(text), std::move(file), static_cast<std::uint32_t>(line));
    // The same text parses to the same statements, so that places in them are places still.
    reader.Require(!read.unclosed && !read.script->statements.empty());
    scripts.push_back(std::move(read.script));
  }
  for (std::size_t left = reader.Count(88); left > 0 && reader.ok(); --left) {
    Frame& frame = frames_.emplace_back();
    const std::uint64_t place = reader.Number();
    reader.Require(place < scripts.size());
    if (!reader.ok()) break;
    frame.script = scripts[place];
    const std::uint64_t most = frame.script->statements.size();
    frame.begin = reader.NumberUpTo(most);
    frame.end = reader.NumberUpTo(most);
    frame.next = reader.NumberUpTo(most);
    frame.current = reader.NumberUpTo(most - 1);
    frame.times = reader.Number();
    frame.rounds = reader.Number();
    frame.number = reader.Number();
    frame.commands = reader.Number();
    frame.is_script = reader.Flag();
    frame.is_file = reader.Flag();
    // A round begins with something to run, or a repeat of nothing would go on for ever.
    reader.Require(frame.begin < frame.end && frame.rounds >= 1 && frame.rounds <= frame.times);
  }
  if (!reader.ok()) frames_.clear();
}

std::string CommandQueue::Ahead() const {
  CommandQueue rest = *this;
  const Statement* next = rest.Next();
  if (next == nullptr) return {};
  return fmt::format("{} ({}:{})", rest.Text(), rest.script().file, next->words.front().line);
}

}  // namespace delstep
