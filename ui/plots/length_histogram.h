// SPDX-License-Identifier: GPL-3.0-or-later
// Rows by their length in tokens, with the length at which they are cut: what is cut has another colour and is hatched. Main thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/data_preview.h"
#include "ui/plots/plot_frame.h"

namespace weft::ui {

class LengthHistogram final : public PlotFrame {
  Q_OBJECT
 public:
  LengthHistogram(Theme& theme, QWidget* parent);
  void setLengths(const std::vector<LengthBin>& bins, std::int64_t maxLength);
  [[nodiscard]] double widthOfBins() const;

  [[nodiscard]] QString csv() const override;
  [[nodiscard]] QString chartName() const override { return QStringLiteral("lengths"); }

 protected:
  void paintOver(QCPPainter& painter) override;
  void resetRange() override;
  void restyle() override;
  [[nodiscard]] bool isEmpty() const override { return m_bins.empty(); }
  [[nodiscard]] QString summary() const override;

 private:
  std::vector<LengthBin> m_bins;
  std::int64_t m_maxLength = 0;
};

}  // namespace weft::ui
