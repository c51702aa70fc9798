// SPDX-License-Identifier: GPL-3.0-or-later
// The card of the data: how the file is read, what is counted, what is wrong and how to mend it, and its rows as conversation and as tokens,
// their lengths, and the rows that are bad or come twice. A view of the draft. Main thread only.
#pragma once

#include <vector>

#include "ui/models/data_report.h"
#include "ui/models/draft.h"
#include "ui/widgets/controls.h"

class QProgressBar;
class QScrollArea;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace weft::ui {

class AdviceStrip;
class ChatView;
class DataMapping;
class LengthHistogram;
class TokenView;

class DataCard final : public QWidget {
  Q_OBJECT
 public:
  enum class View { Tokens, Chat, Lengths, Findings };
  DataCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }
  [[nodiscard]] int row() const { return m_row; }
  void showRow(int row);
  void showView(View view);
  void showLengthsAsTable(bool on);
  [[nodiscard]] View view() const { return m_view; }
  [[nodiscard]] DataMapping* mapping() { return m_mapping; }
  [[nodiscard]] AdviceStrip* advice() { return m_advice; }
  [[nodiscard]] const QString& countsText() const { return m_countsText; }   // "285 rows · 28,034 tokens · …"

 Q_SIGNALS:
  void sampleWanted();

 private:
  void buildHeader(Theme& theme);
  void buildCounts(Theme& theme);
  void buildViews(Theme& theme);
  void refresh();
  void refreshReport();
  void refreshCounts();
  void refreshProgress();
  Theme& m_theme;
  Draft& m_draft;
  Card* m_card;
  DataMapping* m_mapping;
  AdviceStrip* m_advice;
  QLabel* m_counts;
  QString m_countsText;
  QWidget* m_tabs;
  std::vector<QPushButton*> m_tabButtons;
  QLabel* m_position;
  QToolButton* m_back;
  QToolButton* m_next;
  QPushButton* m_asTable;
  QStackedWidget* m_stack;
  TokenView* m_tokens;
  ChatView* m_chat;
  QScrollArea* m_tokenScroll;
  QScrollArea* m_chatScroll;
  LengthHistogram* m_histogram;
  QStackedWidget* m_lengths;
  QTableView* m_findingsView;
  DataFindings* m_findings;
  LengthTable* m_lengthTable;
  ElidedLabel* m_legend;
  QLabel* m_empty;
  QPushButton* m_sample;
  QWidget* m_waiting;
  QProgressBar* m_progress;
  QLabel* m_progressText;
  QTimer m_progressTimer;
  View m_view = View::Tokens;
  int m_row = 0;
};

}  // namespace weft::ui
