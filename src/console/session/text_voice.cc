#include "console/session/text_voice.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "console/language/diagnostics.h"
#include "console/language/input_lines.h"
#include "scenario/units.h"

namespace delstep {

void TextVoice::Echo(std::string_view line) { outputs_.out(Printable(std::string(line)) + '\n'); }
void TextVoice::Say(std::string_view line) { outputs_.out(Printable(std::string(line)) + '\n'); }
void TextVoice::Remark(std::string_view line) { outputs_.err(fmt::format("{}\n", line)); }

void TextVoice::Tell(const CommandResult& result) {
  if (result.planned) return TellPlanned(result);
  if (const std::string said = TextOf(result); !said.empty()) {
    const bool pages = result.alone && outputs_.page && result.row && result.row->pages;
    (pages ? outputs_.page : outputs_.out)(said);
  }
  if (result.error) Explain(result);
}

/// Also with --quiet: a repeat that ends early without a word would mislead.
void TextVoice::Answer(const CommandResult& result, const AnswerPlace&) {
  if (!result.breaks.tables.empty())
    outputs_.out(RenderReply(result.breaks, style_.width, Detail::kLines));
}

void TextVoice::Warn(const Error& error) { outputs_.err(FormatError(error, "", {}, style_.color)); }

void TextVoice::Refuse(const CommandResult& result) { Explain(result); }

Detail TextVoice::DetailOf(const CommandResult& result) const {
  const Command* row = result.row;
  // Who asks for help at a prompt wants to read it.
  const bool speaks = row && (row->always || (style_.interactive && row->pages));
  if (style_.quiet && !speaks) return Detail::kNothing;
  const bool all = result.alone || style_.verbose || (row && row->shows);
  return all ? Detail::kAll : Detail::kLines;
}

std::string TextVoice::TextOf(const CommandResult& result) const {
  // How far it came before a Ctrl-C; of other errors only programs want to know.
  if (result.stopped) return RenderReply(result.measured, style_.width, DetailOf(result));
  std::string text = RenderReply(result.reply, style_.width, DetailOf(result));
  if (result.network && !style_.quiet)
    text += "autonet: " + RenderReply(*result.network, style_.width, Detail::kLines);
  return text;
}

/// One line follows its time; of several the command stands above them.
void TextVoice::TellPlanned(const CommandResult& result) {
  if (result.error) return;  // see Warn(), or the command around it
  const std::string said = RenderReply(result.reply, style_.width, DetailOf(result));
  if (said.empty()) return;
  const std::string time = DurationText(result.time.time_since_epoch());
  const bool one_line = std::ranges::count(said, '\n') == 1;
  outputs_.out(one_line ? fmt::format("{}: {}", time, said)
                        : fmt::format("{}: {}\n{}", time, result.command, said));
}

/// What somebody has just typed stands right above, and needs no number of a line.
void TextVoice::Explain(const CommandResult& result) {
  // Nothing went wrong with what can go on: a run, for instance.
  if (result.stopped && !result.measured.fields.empty())
    return Remark(Printable(result.error->message));
  const auto place = ParsePlace(result.error->where);
  const bool typed = style_.interactive && place && place->file == kInputName;
  const bool in_file = place && result.error_line.empty();
  std::vector<std::string> chain = result.loaded_from;
  if (style_.interactive)
    std::erase_if(chain, [](const std::string& load) {
      return load.starts_with(fmt::format("{}:", kInputName));
    });
  outputs_.err(FormatError(*result.error, in_file ? ReadSourceLine(*place) : result.error_line,
                           chain, style_.color, !typed));
}

}  // namespace delstep
