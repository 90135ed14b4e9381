#include "console/session/session_point.h"

#include "base/files.h"

namespace delstep {
namespace {

constexpr std::uint64_t kLastCode = 255;

/// A file is read now: it may be another one, or gone, when the run goes on. What cannot be read is
/// left to that time.
ScriptSource AsText(const ScriptSource& source) {
  if (!source.is_file) return source;
  auto text = ReadText(source.text);
  if (!text) return source;
  return {.is_file = true, .text = *std::move(text), .origin = source.text};
}

}  // namespace

std::string SessionPoint::Ahead() const {
  std::string next = queue.Ahead();
  if (!next.empty() || following.empty()) return next;
  const ScriptSource& source = following.front();
  return source.origin.empty() ? source.text : source.origin;
}

std::string SaveSession(const SessionPoint& point, const CommandLog& log) {
  ByteWriter writer;
  point.queue.Save(writer);
  writer.Add(std::uint64_t{point.following.size()});
  for (const ScriptSource& source : point.following) {
    const ScriptSource saved = AsText(source);
    writer.Add(saved.is_file);
    writer.Add(std::string_view(saved.text));
    writer.Add(std::string_view(saved.origin));
  }
  log.Save(writer, point.logged);
  writer.Add(point.commands);
  writer.Add(static_cast<std::uint64_t>(point.exit_code));
  writer.Add(point.keep_going);
  writer.Add(point.from_input);
  writer.Add(point.from_request);
  return writer.Take();
}

Result<SessionPoint> LoadSession(std::string_view saved, CommandLog& log) {
  ByteReader reader(saved);
  SessionPoint point;
  point.queue.Load(reader);
  for (std::size_t left = reader.Count(24); left > 0 && reader.ok(); --left) {
    ScriptSource& source = point.following.emplace_back();
    source.is_file = reader.Flag();
    source.text = std::string(reader.Text());
    source.origin = std::string(reader.Text());
  }
  log.Load(reader);
  point.logged = log.added();
  point.commands = reader.Number();
  point.exit_code = static_cast<int>(reader.NumberUpTo(kLastCode));
  point.keep_going = reader.Flag();
  point.from_input = reader.Flag();
  point.from_request = reader.Flag();
  if (!reader.AtEnd()) return BadFile("the saved session is damaged");
  return point;
}

}  // namespace delstep
