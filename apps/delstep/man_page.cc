#include "apps/delstep/man_page.h"

#include <fmt/format.h>

#include "apps/delstep/arguments.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/commands/command_table.h"

namespace delstep {
namespace {

/// Text that roff is to print as it is: a line may begin with '.', and '-' would be a hyphen.
std::string Roff(std::string_view text) {
  std::string roff;
  for (const std::string_view line : Split(text, '\n')) {
    if (!roff.empty()) roff += '\n';
    if (line.starts_with('.') || line.starts_with('\'')) roff += "\\&";
    for (const char c : line) {
      if (c == '\\') {
        roff += "\\e";
      } else {
        if (c == '-') roff += '\\';
        roff += c;
      }
    }
  }
  return roff;
}

}  // namespace

std::string ManPage() {
  std::string page = fmt::format(
      ".TH DELSTEP 1 \"\" \"DEL-Step {}\"\n.SH NAME\ndelstep \\- step-by-step simulator of "
      "decentralized learning\n.SH SYNOPSIS\n.nf\n{}\n.fi\n.SH PICTURES\n.nf\n{}\n.fi\n.SH "
      "SWEEPS\n.nf\n{}\n.fi\n"
      ".SH COMMANDS OF THE CONSOLE\n",
      Version(), Roff(Trim(HelpText())), Roff(Trim(HelpOfPlot())), Roff(Trim(HelpOfSweep())));
  for (const Command& command : Commands())
    page += fmt::format(".TP\n.B {}\n{}\n", Roff(command.usage), Roff(command.sentence));
  page += fmt::format(
      ".SH ENVIRONMENT\n.TP\n.B DELSTEP_SECTION_KEY\n{}\n.TP\n.B DELSTEP_DATA\n{}\n"
      ".TP\n.B DELSTEP_SCENARIOS\n{}\n.SH FILES\n.TP\n.I ~/.local/state/delstep/history\n{}\n"
      ".TP\n.I ~/.local/share/delstep\n{}\n",
      Roff("sets the key section.key: DELSTEP_TRAINING_LR=0.01 is training.lr=0.01"),
      Roff("a folder with data sets"), Roff("folders with scenarios, a ':' between them"),
      Roff("what was typed at the prompt"),
      Roff("data sets, where delstep setup puts them; of an installed program"));
  return page;
}

}  // namespace delstep
