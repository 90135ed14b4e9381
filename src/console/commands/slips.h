#pragma once
/// What people mean who type a command almost as it is: hints that work when they are followed.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/command_table.h"

namespace delstep {

/// What a verb that other programs have is called here: "did you mean 'exit'?" for "quit"; empty where
/// nobody would know.
std::string OfAnotherProgram(std::span<const Word> words);

/// What to do about blanks that are not what they seem, whatever the command: one that looks like a
/// common one (base/odd_blank.h), and those that a shell keeps in a word by 'a b' or a\ b, where only
/// "a b" does so here. Empty where there are none.
std::string HintAboutBlanks(std::span<const Word> words);

/// The same words in another order, without a small word, or with a blank for an '=', where that is a
/// command: "group g add ann" for "group add g ann", "link" for "link show", "link a b loss 0.1" for
/// "link a b loss=0.1"; else empty. Long lines are not looked at: the orders grow with the cube.
std::string Rewritten(std::span<const Word> words);

/// The words of their own in a usage line: "loss", "up", "default". For a form that needs an option
/// none of them is ever the name of a node.
std::vector<std::string> WordsOfForm(std::string_view usage);
/// The error of a word that stands where a node may, but is one of `keywords`, or one with a value
/// behind `=`: "latency=5ms"; nothing for other words.
std::optional<Error> KeywordAsNode(const Word& word, std::span<const std::string> keywords);
/// The one of the keywords that somebody means who writes "bandwith" or "delay"; else empty.
std::string MeantKeyword(std::string_view word, std::span<const std::string> keywords);

/// An error about words that choose nodes, with a better hint where one of them names no node and is a
/// slip of a word of the command: any word may be the name of a node, so 'globl' in "test ann globl" is
/// taken for one. The word of the command must be nearer than each node is. A slip of one of `keywords`
/// is an error of usage.
Error MeantAsWord(const Command& command, std::span<const std::string> keywords,
                  std::span<const Choice> choices, const Directory& directory, Error error);

}  // namespace delstep
