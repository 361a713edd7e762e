'use strict';
// The page is whole without this. It adds the filter, opens what a link or a printer needs, and writes no markup.
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A link into a group that is closed opens it.
  const reveal = () => {
    let node = null;
    try { node = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!node) return;
    for (let each = node; each; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
    node.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  if (location.hash) reveal();

  // Paper cannot be opened.
  const details = all('details');
  let before = null;
  addEventListener('beforeprint', () => { before = details.map(d => d.open); for (const d of details) d.open = true; });
  addEventListener('afterprint', () => { if (before) details.forEach((d, n) => { d.open = before[n]; }); before = null; });

  const form = document.getElementById('filter');
  if (!form) return;
  const byId = id => document.getElementById(id);
  const [query, rule, server, shown, nothing] = ['q', 'rule', 'server', 'shown', 'nothing'].map(byId);
  const groups = all('#findings .group').map(node => ({
    node,
    open: node.open,
    severity: node.dataset.severity,
    rule: node.dataset.rule,
    servers: node.dataset.servers.split(' '),
    articles: all('article', node).map(article => ({ node: article, text: null })),
  }));
  const sections = all('#findings .server');
  const total = groups.reduce((sum, group) => sum + group.articles.length, 0);

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(all('[name=severity]:checked', form).map(box => box.value));
    let left = 0;
    let opened = 0;
    for (const group of groups) {
      const fits = severities.has(group.severity)
        && (!rule || !rule.value || rule.value === group.rule)
        && (!server || !server.value || group.servers.includes(server.value));
      let inGroup = 0;
      let above = null;
      for (const article of group.articles) {
        let visible = fits;
        if (visible && words.length) {
          above ??= group.node.querySelector('summary').textContent + ' ' + group.node.parentElement.querySelector('h3').textContent;
          article.text ??= (above + ' ' + article.node.textContent).toLowerCase();
          visible = words.every(word => article.text.includes(word));
        }
        article.node.hidden = !visible;
        inGroup += visible;
      }
      group.node.hidden = inGroup === 0;
      // What was searched for is to be seen, as far as a page of it goes.
      if (words.length && inGroup) {
        group.node.open = opened < 100;
        opened += inGroup;
      } else {
        group.node.open = group.open;
      }
      left += inGroup;
    }
    const active = left !== total;
    for (const section of sections) {
      section.hidden = active && !all('.group', section).some(group => !group.hidden);
    }
    nothing.hidden = left !== 0;
    const whole = `${total} finding${total === 1 ? '' : 's'}`;
    shown.textContent = active ? `${left} of ${whole}` : whole;
  };

  let timer = 0;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', event => event.preventDefault());
  addEventListener('keydown', event => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); query.focus(); }
  });
  form.hidden = false;
  apply();
})();
