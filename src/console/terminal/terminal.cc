#include "console/terminal/terminal.h"

#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstring>
#include <cwchar>
#include <fstream>

#include "base/utf8.h"
#include "console/language/script.h"
#include "console/terminal/columns.h"

namespace delstep {
namespace {

constexpr int kHistoryLength = 5000;

/// libedit turns the prompt into wide characters by the locale; without UTF-8 that fails.
void WantUtf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

/// Written without quotes it would not read back as one word.
bool NeedsQuotes(const std::string& text) {
  Word word;
  word.text = text;
  word.quoted = true;
  return CommandText({word}) != text;
}

std::string CommonPrefix(const std::vector<std::string>& words) {
  std::string prefix = words.front();
  for (const std::string& word : words) {
    const auto differs =
        std::mismatch(prefix.begin(), prefix.end(), word.begin(), word.end()).first;
    prefix.erase(differs, prefix.end());
  }
  // Not within a character.
  prefix.resize(CodePointBegin(words.front(), prefix.size()));
  return prefix;
}

}  // namespace

TabResult ApplyCompletion(std::string_view line, const Completion& completion) {
  if (completion.words.empty() || completion.begin > line.size()) return {};
  const std::string_view typed = line.substr(completion.begin);
  std::string meant(typed);
  std::erase(meant, '"');
  const std::string common = CommonPrefix(completion.words);
  if (!common.starts_with(meant)) return {};
  TabResult result;
  if (completion.words.size() > 1 && common.size() == meant.size()) {
    result.list = completion.words;
    return result;
  }
  const bool quotes = typed.starts_with('"') || NeedsQuotes(common);
  std::string text = (quotes ? "\"" : "") + common;
  // A folder invites to go on.
  const bool whole = completion.words.size() == 1 && common.back() != '/';
  if (whole) text += quotes ? "\" " : " ";
  if (!text.starts_with(typed)) result.erase = typed.size();
  result.insert = text.substr(result.erase > 0 ? 0 : typed.size());
  return result;
}

class Terminal::Impl {
 public:
  Impl(TerminalQuestions questions, int wake, News& news, const std::filesystem::path& history_file)
      : questions_(std::move(questions)), wake_(wake), news_(news), path_(history_file) {
    WantUtf8();
    edit_ = el_init("delstep", stdin, stderr, stderr);
    history_ = history_init();
    LoadHistory();
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_SIGNAL, 1);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_HIST, history, history_);
    el_set(
        edit_, EL_PROMPT, +[](EditLine* edit) { return Of(edit).prompt_.data(); });
    el_set(
        edit_, EL_RPROMPT, +[](EditLine* edit) { return Of(edit).ShownHint(); });
    el_set(
        edit_, EL_GETCFN, +[](EditLine* edit, wchar_t* c) { return Of(edit).GetCharacter(c); });
    el_set(
        edit_, EL_ADDFN, "delstep-complete", "Complete the word before the cursor",
        +[](EditLine* edit, int) -> unsigned char { return Of(edit).Complete(); });
    el_set(edit_, EL_BIND, "^I", "delstep-complete", nullptr);
    // Where a program before us has left the terminal in this mode, it marks what is pasted.
    el_set(
        edit_, EL_ADDFN, "delstep-paste-mark", "Ignore a mark of bracketed paste",
        +[](EditLine*, int) -> unsigned char { return CC_NORM; });
    for (const char* mark : {"\033[200~", "\033[201~"})
      el_set(edit_, EL_BIND, mark, "delstep-paste-mark", nullptr);
    el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(edit_, nullptr);  // ~/.editrc, if there is one
  }

  ~Impl() {
    el_end(edit_);
    history_end(history_);
  }

  Input Read(const std::string& prompt) {
    prompt_ = prompt;
    hint_.clear();
    hinted_line_.clear();
    woken_ = false;
    el_resize(edit_);
    // el_gets shows the prompt first: a control character typed at once would go to the line
    // discipline, and a Ctrl-D be lost.
    el_set(edit_, EL_PREP_TERM, 1);
    int count = 0;
    const char* line = el_gets(edit_, &count);
    if (woken_) {
      el_reset(edit_);
      std::fputs("^C\n", stderr);
      return {Input::Kind::kWoken};
    }
    if (line == nullptr || count <= 0) {
      std::fputc('\n', stderr);
      return {Input::Kind::kEnd};
    }
    std::string text(line, static_cast<std::size_t>(count));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    Remember(text);
    return {Input::Kind::kLine, text};
  }

 private:
  static Impl& Of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }

  void LoadHistory() {
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLength);
    history(history_, &event, H_SETUNIQUE, 1);
    if (path_.empty()) return;
    const auto folder = path_.parent_path();
    std::error_code failed;
    if (std::filesystem::create_directories(folder, failed))
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    ReadHistory();
  }

  /// One command a line, oldest first. Files of earlier versions, in the format of libedit with its
  /// "\040" for a blank, are read once more and written anew.
  void ReadHistory() {
    HistEvent event;
    std::vector<std::string> lines;
    std::ifstream in(path_, std::ios::binary);
    for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
    if (!lines.empty() && lines.front() == "_HiStOrY_V2_") {
      history(history_, &event, H_LOAD, path_.c_str());
      lines.clear();
      for (int found = history(history_, &event, H_LAST); found >= 0;
           found = history(history_, &event, H_PREV)) {
        lines.emplace_back(event.str);
        while (!lines.back().empty() && lines.back().back() == '\n') lines.back().pop_back();
      }
      RewriteHistory(lines);
      return;
    }
    const std::size_t left_out = lines.size() - std::min<std::size_t>(lines.size(), kHistoryLength);
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(left_out));
    for (const std::string& line : lines) history(history_, &event, H_ENTER, line.c_str());
    if (left_out > kHistoryLength) RewriteHistory(lines);
  }

  /// Whole, or not at all.
  void RewriteHistory(const std::vector<std::string>& lines) {
    const auto fresh = path_.string() + ".new";
    std::filesystem::remove(fresh, ignored_);
    for (const std::string& line : lines) AppendLine(fresh, line);
    std::filesystem::rename(fresh, path_, ignored_);
  }

  static void AppendLine(const std::string& file, const std::string& line) {
    const int out = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (out < 0) return;
    const std::string text = line + '\n';
    [[maybe_unused]] const auto written = write(out, text.data(), text.size());
    close(out);
  }

  void Remember(const std::string& line) {
    // An empty line repeats a step, and is not worth remembering.
    if (line.find_first_not_of(" \t") == std::string::npos) return;
    HistEvent event;
    history(history_, &event, H_ENTER, line.c_str());
    // Appended, so that two sessions at a time do not take each other's lines away.
    if (!path_.empty() && line != last_line_) AppendLine(path_.string(), line);
    last_line_ = line;
  }

  std::string BeforeCursor() const {
    const LineInfo* info = el_line(edit_);
    return {info->buffer, info->cursor};
  }

  std::string WholeLine() const {
    const LineInfo* info = el_line(edit_);
    return {info->buffer, info->lastchar};
  }

  unsigned char Complete() {
    const TabResult result = [&] {
      const std::string line = BeforeCursor();
      return ApplyCompletion(line, questions_.complete(line));
    }();
    if (!result.list.empty()) {
      List(result.list);
      return CC_REDISPLAY;
    }
    if (result.insert.empty()) return CC_REFRESH_BEEP;
    if (result.erase > 0) {
      const std::string line = BeforeCursor();
      std::size_t at = line.size() - result.erase;
      int characters = 0;
      for (; at < line.size(); ++characters) NextCodePoint(line, at);
      el_deletestr(edit_, characters);
    }
    return el_insertstr(edit_, result.insert.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  }

  static void List(const std::vector<std::string>& words) {
    std::size_t width = 0;
    for (const std::string& word : words) width = std::max(width, DisplayWidth(word) + 2);
    const std::size_t across = std::max<std::size_t>(1, TerminalColumns(STDERR_FILENO, 80) / width);
    std::string text = "\n";
    for (std::size_t i = 0; i < words.size(); ++i) {
      text += words[i];
      const bool ends_row = (i + 1) % across == 0 || i + 1 == words.size();
      text += ends_row ? "\n" : std::string(width - DisplayWidth(words[i]), ' ');
    }
    std::fputs(text.c_str(), stderr);
  }

  /// libedit shows it at the right edge if it fits.
  char* ShownHint() { return hint_.data(); }

  /// libedit draws a typed character without asking for the right prompt again, so a hint that has
  /// changed needs a redraw. It is only possible while everything stands in one row, and useless in
  /// a search, where the line holds a newline.
  void UpdateHint() {
    const std::string line = WholeLine();
    if (line == hinted_line_ || line.find('\n') != std::string::npos) return;
    hinted_line_ = line;
    std::string hint = line.empty() ? "" : questions_.hint(line);
    const std::size_t columns = TerminalColumns(STDERR_FILENO, 80);
    const std::size_t used = DisplayWidth(prompt_) + DisplayWidth(line);
    if (used + DisplayWidth(hint) + 4 > columns) hint.clear();
    if (hint == hint_ || used >= columns) return;
    hint_ = std::move(hint);
    std::fputs("\r\033[K", stderr);
    el_set(edit_, EL_REFRESH);
  }

  /// Above the prompt, which is drawn anew with what has been typed.
  void ShowNews() {
    const auto item = news_.Take();
    if (!item) return;
    prompt_ = item->prompt;
    std::fputs(("\r\033[K" + item->text).c_str(), stderr);
    el_set(edit_, EL_REFRESH);
  }

  /// One UTF-8 character; bytes that are none are passed over.
  int GetCharacter(wchar_t* character) {
    std::mbstate_t state{};
    for (;;) {
      if (int waiting = 0; ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0)
        UpdateHint();
      const Ready ready = WaitForAny(STDIN_FILENO, wake_, news_.fd());
      if (ready == Ready::kNews) {
        ShowNews();
        continue;
      }
      if (ready == Ready::kWake) {
        woken_ = true;
        return -1;
      }
      char byte = 0;
      const auto count = read(STDIN_FILENO, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return 0;
      const std::size_t used = std::mbrtowc(character, &byte, 1, &state);
      if (used == static_cast<std::size_t>(-1)) state = {};
      if (used <= 1) return 1;
    }
  }

  TerminalQuestions questions_;
  int wake_;
  News& news_;
  EditLine* edit_ = nullptr;
  ::History* history_ = nullptr;
  std::filesystem::path path_;
  std::string last_line_;
  std::error_code ignored_;
  std::string prompt_, hint_, hinted_line_;
  bool woken_ = false;
};

Terminal::Terminal(TerminalQuestions questions, int wake, News& news,
                   const std::filesystem::path& history)
    : impl_(std::make_unique<Impl>(std::move(questions), wake, news, history)) {}
Terminal::~Terminal() = default;

Input Terminal::Read(const std::string& prompt) { return impl_->Read(prompt); }

}  // namespace delstep
