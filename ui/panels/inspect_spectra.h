// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Inspect that is about singular values: those of the update with a cut, of its difference to a second adapter, and of the weight itself with
// what of the update lies along each of its directions. Main thread only.
#pragma once

#include <QWidget>

#include "engine/api/close_up.h"
#include "ui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace weft::ui {

class Card;
class PointPlot;
class RankCut;
class SpectrumPlot;

class InspectSpectra final : public QWidget {
  Q_OBJECT
 public:
  InspectSpectra(Theme& theme, QWidget* parent);
  // exportable: it lies in a file. decomposable: with a base, and no run waits for the answer.
  void setReply(const CloseUpReply& reply, bool exportable, bool decomposable);
  void setDecomposing(bool on);              // the button cancels meanwhile
  [[nodiscard]] SpectrumPlot* spectrum() { return m_spectrum; }
  [[nodiscard]] SpectrumPlot* difference() { return m_difference; }
  [[nodiscard]] SpectrumPlot* base() { return m_base; }
  [[nodiscard]] RankCut* cut() { return m_cut; }
  [[nodiscard]] QPushButton* decompose() { return m_decompose; }
  [[nodiscard]] QLabel* finding() { return m_finding; }

 Q_SIGNALS:
  void exportWanted(int rank);
  void decomposeWanted();
  void decomposeCancelled();

 private:
  void showBase(const CloseUpReply& reply);
  Card *m_spectrumCard, *m_baseCard;
  SpectrumPlot *m_spectrum, *m_difference, *m_base;
  PointPlot* m_energy;
  RankCut* m_cut;
  QLabel *m_finding, *m_differenceTitle;
  bool m_decomposing = false;
  QPushButton* m_decompose;
  QWidget *m_differencePane, *m_basePane;
};

}  // namespace weft::ui
