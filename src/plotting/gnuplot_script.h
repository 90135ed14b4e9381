#pragma once
/// A figure as a script of gnuplot (https://gnuplot.info, version 5 or later).
#include <string>

#include "plotting/figure.h"

namespace delstep {

enum class PictureFormat { kSvg, kPng };

/// The whole script, with its data in it: gnuplot reads it from its standard input, needs no other
/// file, and writes the picture to its standard output.
///
/// Texts of the figure may be anything. They stand between single quotes, where gnuplot replaces
/// nothing (no variables, no commands of a shell), without control characters, and are shown as
/// written (`noenhanced`).
///
/// The colours are those of Okabe and Ito ("Color Universal Design", 2008), which people see apart
/// who are blind to some colours; lines also differ in their dashes and points, for print.
std::string GnuplotScript(const Figure& figure, PictureFormat format);

}  // namespace delstep
