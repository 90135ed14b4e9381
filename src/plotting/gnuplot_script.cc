#include "plotting/gnuplot_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

// Without the yellow of the palette, which does not show on white.
constexpr std::array<std::string_view, 7> kColors = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                     "#E69F00", "#56B4E9", "#000000"};
constexpr std::array<int, 7> kPoints = {7, 5, 9, 13, 11, 6, 4};
/// Fewer points than this are marked: each is a measurement.
constexpr std::size_t kMostMarked = 40;

// All in pixels of the SVG.
constexpr int kLeft = 92, kPlotWidth = 590, kRight = 30, kHead = 70, kFoot = 70;
constexpr int kPanelHeight = 260, kLineHeight = 20, kCharacterWidth = 8, kSampleWidth = 48;

/// What is where.
struct Layout {
  int width = 0, height = 0, legend_width = 0;
  double Across(int pixels) const { return static_cast<double>(pixels) / width; }
  double Down(int pixels) const { return 1 - static_cast<double>(pixels) / height; }
};

/// Wide and high enough for the legend, whatever its labels are.
Layout LayoutFor(const Figure& figure, const std::vector<std::string>& labels) {
  std::size_t longest = DisplayWidth(figure.legend_title);
  for (const std::string& label : labels) longest = std::max(longest, DisplayWidth(label));
  const bool has_legend = labels.size() > 1 || !labels.front().empty();
  Layout layout;
  if (has_legend)
    layout.legend_width =
        kSampleWidth + kCharacterWidth * static_cast<int>(std::min<std::size_t>(longest, 200));
  layout.width = kLeft + kPlotWidth + kRight + layout.legend_width;
  layout.height =
      kHead + kFoot +
      std::max(kPanelHeight * static_cast<int>(figure.panels.size()),
               has_legend
                   ? kLineHeight * static_cast<int>(std::min<std::size_t>(labels.size() + 2, 400))
                   : 0);
  return layout;
}

/// Between single quotes only the quote itself means something.
std::string QuotedText(std::string_view text) {
  std::string quoted = "'";
  for (const char c : Printable(text)) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + '\'';
}

std::string DataName(std::size_t panel, std::size_t curve) {
  return fmt::format("$p{}c{}", panel, curve);
}

/// All digits: six are too few where numbers are large and lie close together, as the times of a run
/// that was resumed late.
void AddData(const Figure& figure, std::string& script) {
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    const Panel& panel = figure.panels[p];
    for (std::size_t c = 0; c < panel.curves.size(); ++c) {
      script += fmt::format("{} << EOD\n", DataName(p, c));
      for (const CurvePoint& point : panel.curves[c].points)
        script += fmt::format("{} {} {} {}\n", point.x * figure.x_scale, point.value * panel.scale,
                              point.low * panel.scale, point.high * panel.scale);
      script += "EOD\n";
    }
  }
}

std::string BandOf(const std::string& data, std::string_view color) {
  return fmt::format(
      "{} using 1:3:4 with filledcurves fillcolor rgb '{}' fillstyle transparent solid 0.18 "
      "noborder "
      "notitle",
      data, color);
}

std::string LineOf(const Panel& panel, const Curve& curve, const std::string& data,
                   std::size_t number) {
  const std::string title =
      curve.label.empty() ? "notitle" : fmt::format("title {}", QuotedText(curve.label));
  const std::string look =
      fmt::format("linecolor rgb '{}' linewidth 2 dashtype {}", kColors[number % kColors.size()],
                  1 + number / kColors.size() % 5);
  if (panel.is_steps) return fmt::format("{} using 1:2 with steps {} {}", data, look, title);
  if (curve.points.size() > kMostMarked)
    return fmt::format("{} using 1:2 with lines {} {}", data, look, title);
  return fmt::format("{} using 1:2 with linespoints {} pointtype {} pointsize 0.6 {}", data, look,
                     kPoints[number % kPoints.size()], title);
}

/// Bands first, so that no band hides a line. The number of a label, not of a curve: a setting has
/// its colour in all panels.
std::string PlotCommand(const Figure& figure, std::size_t p,
                        const std::vector<std::string>& labels) {
  std::vector<std::string> bands, lines;
  const Panel& panel = figure.panels[p];
  for (std::size_t c = 0; c < panel.curves.size(); ++c) {
    const Curve& curve = panel.curves[c];
    const auto number =
        static_cast<std::size_t>(std::ranges::find(labels, curve.label) - labels.begin());
    const std::string data = DataName(p, c);
    if (curve.has_band) bands.push_back(BandOf(data, kColors[number % kColors.size()]));
    lines.push_back(LineOf(panel, curve, data, number));
  }
  bands.insert(bands.end(), lines.begin(), lines.end());
  return "plot " + Join(bands, ", \\\n  ") + "\n";
}

/// One for all panels, so that what stands above each other happened at the same time.
std::string RangeOfX(const Figure& figure) {
  double least = figure.panels.front().curves.front().points.front().x, most = least;
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves) {
      least = std::min(least, curve.points.front().x);
      most = std::max(most, curve.points.back().x);
    }
  // A single point would be an empty range.
  if (least == most) most = least + 1 / figure.x_scale;
  return fmt::format("set xrange [{}:{}]\n", least * figure.x_scale, most * figure.x_scale);
}

std::vector<std::string> LabelsOf(const Figure& figure) {
  std::vector<std::string> labels;
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves)
      if (std::ranges::find(labels, curve.label) == labels.end()) labels.push_back(curve.label);
  return labels;
}

}  // namespace

std::string GnuplotScript(const Figure& figure, PictureFormat format) {
  const auto labels = LabelsOf(figure);
  const Layout layout = LayoutFor(figure, labels);
  const auto panels = static_cast<int>(figure.panels.size());
  std::string script = "set encoding utf8\n";
  script += format == PictureFormat::kSvg
                ? fmt::format(
                      "set terminal svg size {},{} dynamic background '#ffffff' "
                      "font 'DejaVu Sans,Arial,sans-serif,13' noenhanced\n",
                      layout.width, layout.height)
                : fmt::format(
                      "set terminal pngcairo size {},{} background '#ffffff' "
                      "font 'sans,13' fontscale 1.5 linewidth 1.6 pointscale 1.6 "
                      "noenhanced\n",
                      2 * layout.width, 2 * layout.height);
  AddData(figure, script);
  const double left = layout.Across(kLeft), right = layout.Across(kLeft + kPlotWidth);
  // Margins of all panels together, so that their axes stand exactly below each other.
  script += fmt::format(
      "set multiplot layout {},1 margins {:.4f},{:.4f},{:.4f},{:.4f} spacing 0,{:.4f}\n", panels,
      left, right, layout.Down(layout.height - kFoot), layout.Down(kHead), 26.0 / layout.height);
  script +=
      "set border 3 linecolor rgb '#555555'\nset tics nomirror out scale 0.6\n"
      "set grid linecolor rgb '#e4e4e4' linetype 1 linewidth 0.7\nset key off\n";
  script += RangeOfX(figure);
  if (!figure.title.empty())
    script += fmt::format("set label 1 {} at screen {:.4f},screen {:.4f} left font ',16'\n",
                          QuotedText(figure.title), left, layout.Down(24));
  script +=
      fmt::format("set label 2 {} at screen {:.4f},screen {:.4f} left textcolor rgb '#666666'\n",
                  QuotedText(figure.caption), left, layout.Down(48));
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    const Panel& panel = figure.panels[p];
    const bool last = p + 1 == figure.panels.size();
    script += fmt::format("set ylabel {}\n", QuotedText(panel.label));
    script += panel.log_scale ? "set logscale y\n" : "unset logscale y\n";
    if (p == 0 && layout.legend_width > 0)
      script += fmt::format(
          "set key at screen {:.4f},screen {:.4f} left top vertical maxcols 1 Left reverse "
          "noenhanced samplen 2 title {} left\n",
          layout.Across(kLeft + kPlotWidth + 14), layout.Down(kHead),
          QuotedText(figure.legend_title));
    script += last ? fmt::format("set format x '%g'\nset xlabel {}\n", QuotedText(figure.x_label))
                   : "set format x ''\n";
    script += PlotCommand(figure, p, labels);
    // What belongs to the whole picture is drawn once.
    if (p == 0) script += "unset label 1\nunset label 2\nset key off\n";
  }
  return script + "unset multiplot\n";
}

}  // namespace delstep
