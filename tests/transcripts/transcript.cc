#include "tests/transcripts/transcript.h"

#include <algorithm>
#include <regex>

#include "base/text.h"

namespace delstep {
namespace {

bool IsComment(std::string_view line) { return line.starts_with('#'); }

std::string Escaped(const std::string& output) {
  constexpr std::string_view kMarks = "#>~%\\";
  return !output.empty() && kMarks.find(output[0]) != kMarks.npos ? '\\' + output : output;
}

bool Matches(const std::string& expected, const std::string& output) {
  if (expected.starts_with('~')) return std::regex_match(output, std::regex(expected.substr(1)));
  return expected == Escaped(output);
}

/// common[i][j] is the length of the longest common subsequence of expected[i...] and came[j...].
std::vector<std::vector<std::size_t>> CommonLengths(const std::vector<std::string>& expected,
                                                    const std::vector<std::string>& came) {
  std::vector<std::vector<std::size_t>> common(expected.size() + 1,
                                               std::vector<std::size_t>(came.size() + 1));
  for (std::size_t i = expected.size(); i-- > 0;)
    for (std::size_t j = came.size(); j-- > 0;)
      common[i][j] = !IsComment(expected[i]) && Matches(expected[i], came[j])
                         ? common[i + 1][j + 1] + 1
                         : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

}  // namespace

Transcript ParseTranscript(std::string_view text) {
  Transcript transcript;
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (line.starts_with("> ") || line == ">")
      transcript.turns.push_back({number, std::string(line.substr(line == ">" ? 1 : 2)), {}});
    else if (transcript.turns.empty())
      transcript.head.emplace_back(line);
    else
      transcript.turns.back().after.emplace_back(line);
  }
  return transcript;
}

std::string ToText(const Transcript& transcript) {
  std::string text;
  for (const std::string& line : transcript.head) text += line + '\n';
  for (const Turn& turn : transcript.turns) {
    text += (turn.typed.empty() ? ">" : "> " + turn.typed) + '\n';
    for (const std::string& line : turn.after) text += line + '\n';
  }
  return text;
}

Comparison Compare(const std::vector<std::string>& after, const std::vector<std::string>& came) {
  const auto common = CommonLengths(after, came);
  // The comments at the end tell of the next command: they stay after all that came.
  std::size_t last = after.size();
  while (last > 0 && IsComment(after[last - 1])) --last;
  Comparison result;
  bool same = true;
  for (std::size_t i = 0, j = 0; i < last || j < came.size();) {
    if (i < last && IsComment(after[i])) {
      result.updated.push_back(after[i++]);
    } else if (i < last && j < came.size() && Matches(after[i], came[j])) {
      result.difference.push_back("  " + after[i]);
      result.updated.push_back(after[i++]);
      ++j;
    } else if (i < last && (j == came.size() || common[i + 1][j] >= common[i][j + 1])) {
      result.difference.push_back("- " + after[i++]);
      same = false;
    } else {
      result.difference.push_back("+ " + Escaped(came[j]));
      result.updated.push_back(Escaped(came[j++]));
      same = false;
    }
  }
  result.updated.insert(result.updated.end(), after.begin() + static_cast<std::ptrdiff_t>(last),
                        after.end());
  if (same) result.difference.clear();
  return result;
}

std::string Excerpt(const std::vector<std::string>& difference, std::size_t context,
                    std::size_t most) {
  const auto differs = [](const std::string& line) { return !line.starts_with("  "); };
  const auto first =
      static_cast<std::size_t>(std::ranges::find_if(difference, differs) - difference.begin());
  const std::size_t begin = first - std::min(first, context);
  std::size_t end = first, same = 0;  // the place ends where `context` lines agree
  while (end < difference.size() && end - begin < most && same < context)
    same = differs(difference[end++]) ? 0 : same + 1;
  std::string text = begin > 0 ? "    ...\n" : "";
  for (std::size_t i = begin; i < end; ++i) text += "  " + difference[i] + '\n';
  return text + (end < difference.size() ? "    ...\n" : "");
}

}  // namespace delstep
