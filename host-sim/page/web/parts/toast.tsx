// Shows what is said in passing.

import { toast } from '../live/toast.js';

export function Toast() {
  return (
    <div class="toast-place" role="status">
      {toast.value !== '' && <p class="toast">{toast.value}</p>}
    </div>
  );
}
