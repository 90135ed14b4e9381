#include "page/answer_json.h"

#include <fmt/format.h>

#include "base/json.h"
#include "console/session/json.h"
#include "console/session/render.h"

namespace delstep {
namespace {

constexpr std::size_t kPageWidth = 110;

std::string TextOf(const CommandResult& result) {
  std::string text = RenderReply(result.reply, kPageWidth, Detail::kAll);
  if (result.network)
    text += "autonet: " + RenderReply(*result.network, kPageWidth, Detail::kLines);
  text += RenderReply(result.breaks, kPageWidth, Detail::kLines);
  if (!result.error) return text;
  text += fmt::format("error: {}\n", result.error->message);
  if (!result.error->hint.empty()) text += fmt::format("  hint: {}\n", result.error->hint);
  return text;
}

std::string SentenceOf(const CommandResult& result) {
  // Screen readers say it, so it is one sentence and never a table.
  if (result.error) return result.error->message;
  for (const Line& line : result.reply.text)
    if (line.brief) return *line.brief;
  return result.command;
}

}  // namespace

std::string AnswerJson(std::string_view client, const CommandResult& result) {
  return fmt::format(R"({{"v":{},{},"client":{},"text":{},"says":{}}})", kJsonVersion,
                     RenderJson(result), JsonString(client), JsonString(TextOf(result)),
                     JsonString(SentenceOf(result)));
}

}  // namespace delstep
